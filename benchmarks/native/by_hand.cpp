#include "by_hand.hpp"

#include <flux/lock.hpp>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "flows.h"

namespace by_hand {

namespace {

flux::ReaderWriterLock log_lock;
flux::ReaderWriterLock prices;
flux::ReaderWriterLock stock;

int choose(int item, int* out_item) {
  if (IsSmall(item)) {
    if (const int error = Int2(item, &item)) return error;
    return Int3(item, out_item);
  }
  if (const int error = Int4(item, &item)) return error;
  return Int5(item, out_item);
}

int lock2(int item, int* out_item) {
  const std::lock_guard held{stock};
  return Lock2(item, out_item);
}

int lock4(int item, int* out_item) {
  const std::lock_guard held{prices};
  const std::lock_guard held_too{stock};
  return Lock4(item, out_item);
}

int lock5(int item, int* out_item) {
  const std::shared_lock held{prices};
  return Lock5(item, out_item);
}

int lock6(int item) {
  const std::lock_guard held{log_lock};
  return Lock6(item);
}

int sorry(int item) {
  const std::lock_guard held{log_lock};
  return Sorry(item);
}

}  // namespace

int six(int item) {
  if (const int error = Int1(item, &item)) return error;
  if (const int error = Int2(item, &item)) return error;
  if (const int error = Int3(item, &item)) return error;
  if (const int error = Int4(item, &item)) return error;
  if (const int error = Int5(item, &item)) return error;
  return Int6(item);
}

int two(int item) {
  if (const int error = Int1(item, &item)) return error;
  return Int6(item);
}

int cases(int item) {
  if (const int error = Int1(item, &item)) return error;
  if (const int error = choose(item, &item)) return error;
  return Int6(item);
}

int locked(int item) {
  if (const int error = Int1(item, &item)) return error;
  if (const int error = lock2(item, &item)) return error;
  const int kept = item;
  if (Lock3(item, &item)) return sorry(kept);
  if (const int error = lock4(item, &item)) return error;
  if (const int error = lock5(item, &item)) return error;
  return lock6(item);
}

int values(Handle handle, Text text) {
  if (const int e = Value1(std::move(handle), std::move(text), &handle, &text)) return e;
  if (const int e = Value2(std::move(handle), std::move(text), &handle, &text)) return e;
  const auto kept_handle = handle;
  const auto kept_text = text;
  if (Value3(std::move(handle), std::move(text), &handle, &text)) {
    return Regret(kept_handle, kept_text);
  }
  if (const int e = Value4(std::move(handle), std::move(text), &handle, &text)) return e;
  if (const int e = Value5(std::move(handle), std::move(text), &handle, &text)) return e;
  return Value6(std::move(handle), std::move(text));
}

}  // namespace by_hand
