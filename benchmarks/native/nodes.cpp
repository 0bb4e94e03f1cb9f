// The nodes of flows.flux, which do next to nothing.

#include "nodes.hpp"

#include <chrono>
#include <utility>

#include "flows.h"

namespace {

std::int64_t flows_left = 0;
std::int64_t work = 0;

void work_for(std::chrono::nanoseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

int pass(Handle&& handle, Text&& text, Handle* out_handle, Text* out_text) {
  *out_handle = std::move(handle);
  *out_text = std::move(text);
  return 0;
}

int count(int* item) {
  if (flows_left-- <= 0) return FLUX_END;
  *item = 1;
  return 0;
}

}  // namespace

namespace nodes {

void set_flows(std::int64_t count) { flows_left = count; }
void set_work(std::int64_t nanoseconds) { work = nanoseconds; }

}  // namespace nodes

int Count(int* item) { return count(item); }
int CountTwo(int* item) { return count(item); }
int CountCases(int* item) { return count(item); }
int CountLocked(int* item) { return count(item); }

int Open(Handle* handle, Text* text) {
  *handle = nullptr;
  text->clear();
  return FLUX_END;
}

int Int1(int item, int* out_item) {
  *out_item = item + 1;
  return 0;
}

int Int2(int item, int* out_item) {
  if (work > 0) work_for(std::chrono::nanoseconds{work});
  *out_item = item + 1;
  return 0;
}

int Int3(int item, int* out_item) {
  *out_item = item + 1;
  return 0;
}

int Int4(int item, int* out_item) {
  *out_item = item + 1;
  return 0;
}

int Int5(int item, int* out_item) {
  *out_item = item + 1;
  return 0;
}

int Lock2(int item, int* out_item) {
  *out_item = item + 1;
  return 0;
}

int Lock3(int item, int* out_item) {
  *out_item = item + 1;
  return 0;
}

int Lock4(int item, int* out_item) {
  *out_item = item + 1;
  return 0;
}

int Lock5(int item, int* out_item) {
  *out_item = item + 1;
  return 0;
}

bool IsSmall(int value) { return value < 2; }

int Int6(int) { return 0; }
int Lock6(int) { return 0; }
int Sorry(int) { return 0; }

int Value1(Handle handle, Text text, Handle* out_handle, Text* out_text) {
  return pass(std::move(handle), std::move(text), out_handle, out_text);
}

int Value2(Handle handle, Text text, Handle* out_handle, Text* out_text) {
  return pass(std::move(handle), std::move(text), out_handle, out_text);
}

int Value3(Handle handle, Text text, Handle* out_handle, Text* out_text) {
  return pass(std::move(handle), std::move(text), out_handle, out_text);
}

int Value4(Handle handle, Text text, Handle* out_handle, Text* out_text) {
  return pass(std::move(handle), std::move(text), out_handle, out_text);
}

int Value5(Handle handle, Text text, Handle* out_handle, Text* out_text) {
  return pass(std::move(handle), std::move(text), out_handle, out_text);
}

int Value6(Handle, Text) { return 0; }
int Regret(Handle, Text) { return 0; }
