#include "by_hand.hpp"

#include <exception>
#include <flux/lock.hpp>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "flows.h"

namespace by_hand {

namespace {

int choose(int item, int* out_item) {
  if (IsSmall(item)) {
    if (const int error = Int2(item, &item)) [[unlikely]]
      return error;
    return Int3(item, out_item);
  }
  if (const int error = Int4(item, &item)) [[unlikely]]
    return error;
  return Int5(item, out_item);
}

// The routines with locks, which are the engine's or the standard library's.
template <class Shared, class Exclusive>
struct With {
  static inline Exclusive log;
  static inline Shared prices;
  static inline Exclusive stock;

  static int lock2(int item, int* out_item) {
    const std::lock_guard held{stock};
    return Lock2(item, out_item);
  }

  static int lock4(int item, int* out_item) {
    const std::lock_guard held{prices};
    const std::lock_guard held_too{stock};
    return Lock4(item, out_item);
  }

  static int lock5(int item, int* out_item) {
    const std::shared_lock held{prices};
    return Lock5(item, out_item);
  }

  static int lock6(int item) {
    const std::lock_guard held{log};
    return Lock6(item);
  }

  static int sorry(int item) {
    const std::lock_guard held{log};
    return Sorry(item);
  }

  static int locked(int item) {
    if (const int error = Int1(item, &item)) [[unlikely]]
      return error;
    if (const int error = lock2(item, &item)) [[unlikely]]
      return error;
    const int kept = item;
    if (Lock3(item, &item)) return sorry(kept);
    if (const int error = lock4(item, &item)) [[unlikely]]
      return error;
    if (const int error = lock5(item, &item)) [[unlikely]]
      return error;
    return lock6(item);
  }
};

}  // namespace

int six(int item) try {
  if (const int error = Int1(item, &item)) [[unlikely]]
    return error;
  if (const int error = Int2(item, &item)) [[unlikely]]
    return error;
  if (const int error = Int3(item, &item)) [[unlikely]]
    return error;
  if (const int error = Int4(item, &item)) [[unlikely]]
    return error;
  if (const int error = Int5(item, &item)) [[unlikely]]
    return error;
  return Int6(item);
} catch (const std::exception&) {
  return FLUX_EXCEPTION;
}

int two(int item) try {
  if (const int error = Int1(item, &item)) [[unlikely]]
    return error;
  return Int6(item);
} catch (const std::exception&) {
  return FLUX_EXCEPTION;
}

int cases(int item) try {
  if (const int error = Int1(item, &item)) [[unlikely]]
    return error;
  if (const int error = choose(item, &item)) [[unlikely]]
    return error;
  return Int6(item);
} catch (const std::exception&) {
  return FLUX_EXCEPTION;
}

int locked(int item) try {
  return With<flux::ReaderWriterLock, flux::ReaderWriterLock>::locked(item);
} catch (const std::exception&) {
  return FLUX_EXCEPTION;
}

int locked_by_std(int item) try {
  return With<std::shared_mutex, std::mutex>::locked(item);
} catch (const std::exception&) {
  return FLUX_EXCEPTION;
}

int values(Handle handle, Text text) try {
  if (const int e = Value1(std::move(handle), std::move(text), &handle, &text)) [[unlikely]]
    return e;
  if (const int e = Value2(std::move(handle), std::move(text), &handle, &text)) [[unlikely]]
    return e;
  const auto kept_handle = handle;
  const auto kept_text = text;
  if (Value3(std::move(handle), std::move(text), &handle, &text)) {
    return Regret(kept_handle, kept_text);
  }
  if (const int e = Value4(std::move(handle), std::move(text), &handle, &text)) [[unlikely]]
    return e;
  if (const int e = Value5(std::move(handle), std::move(text), &handle, &text)) [[unlikely]]
    return e;
  return Value6(std::move(handle), std::move(text));
} catch (const std::exception&) {
  return FLUX_EXCEPTION;
}

}  // namespace by_hand
