#include "stack.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "sanitizers.hpp"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102  // since Linux 6.13
#endif

namespace flux::event {

namespace {

std::size_t page() noexcept {
  static const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

std::size_t in_pages(std::size_t size) noexcept { return (size + page() - 1) / page() * page(); }

// Where the kernel knows guards without maps of their own, neighbouring stacks are one map, and the
// number of flows isn't bounded by `vm.max_map_count`.
bool guard_page(char* place) noexcept {
  return madvise(place, page(), MADV_GUARD_INSTALL) == 0 || mprotect(place, page(), PROT_NONE) == 0;
}

#ifdef FLUX_PAINT_STACKS
constexpr bool are_painted = true;
#else
constexpr bool are_painted = false;
#endif

constexpr char paint = 0x5c;

[[gnu::no_sanitize_address]] std::size_t use_of_painted(const Stack& stack) noexcept {
  const char* place = stack.bottom;
  while (place < stack.top() && *place == paint) {
    ++place;
  }
  return static_cast<std::size_t>(stack.top() - place);
}

}  // namespace

bool Stack::overflows_at(const void* address) const noexcept {
  const auto* const place = static_cast<const char*>(address);
  return place >= bottom - page() && place < bottom;
}

Stacks::Stacks(std::size_t size) noexcept : size_{in_pages(size)} {}

Stacks::~Stacks() {
  for (const Kept& each : kept_) {
    deregister_stack(each.stack.number);
    munmap(each.stack.bottom - page(), each.stack.size + page());
  }
}

Stack Stacks::take() {
  if (kept_.empty()) {
    return map();
  }
  const Stack warmest = kept_.back().stack;
  kept_.pop_back();
  least_ = std::min(least_, kept_.size());
  return warmest;
}

void Stacks::give_back(const Stack& stack) noexcept {
  if (are_painted) {
    deepest_use_ = std::max(deepest_use_, use_of_painted(stack));
  }
  try {
    kept_.push_back({stack});
  } catch (...) {
    deregister_stack(stack.number);
    munmap(stack.bottom - page(), stack.size + page());
  }
}

bool Stacks::trim() noexcept {
  if (are_painted) {
    return false;
  }
  bool others = false;
  for (std::size_t index = 0; index < kept_.size(); ++index) {
    Kept& each = kept_[index];
    if (index >= least_) {
      others = true;
    } else if (!each.cold) {
      madvise(each.stack.bottom, each.stack.size, MADV_DONTNEED);
      each.cold = true;
    }
  }
  least_ = kept_.size();
  return others;
}

Stack Stacks::map() const {
  void* const place = mmap(nullptr, size_ + page(), PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (place == MAP_FAILED) {
    throw std::bad_alloc{};
  }
  auto* const lowest = static_cast<char*>(place);
  if (!guard_page(lowest)) {
    munmap(lowest, size_ + page());
    throw std::bad_alloc{};
  }
  Stack stack{.bottom = lowest + page(), .size = size_};
  if (are_painted) {
    std::memset(stack.bottom, paint, stack.size);
  }
  stack.number = register_stack(stack.bottom, stack.top());
  return stack;
}

}  // namespace flux::event
