// Stacks of fibers: memory that is mapped lazily, with a guard page below.
//
// A stack is 256 KB of addresses, of which only the pages that were touched are memory. Those that
// are given back are kept for the next fiber, the warmest first: mapping one takes microseconds,
// taking a kept one nanoseconds. What was never taken for a while gives its memory back to the
// system, and keeps its addresses.
//
// With FLUX_PAINT_STACKS, for debugging, all of a new stack is painted, which makes it memory at
// once, and what is no longer painted has been used.

#pragma once

#include <cstddef>
#include <vector>

namespace flux::event {

inline constexpr std::size_t default_stack_size = 256 * 1024;

// A mapped stack. The guard page lies below `bottom`.
struct Stack {
  char* bottom = nullptr;
  std::size_t size = 0;
  unsigned number = 0;  // that valgrind knows it by

  char* top() const noexcept { return bottom + size; }
  bool overflows_at(const void* address) const noexcept;
};

class Stacks {
 public:
  explicit Stacks(std::size_t size = default_stack_size) noexcept;
  Stacks(const Stacks&) = delete;
  Stacks& operator=(const Stacks&) = delete;
  ~Stacks();

  // Throws std::bad_alloc if the system has no more memory, or no more maps.
  Stack take();
  void give_back(const Stack& stack) noexcept;

  // Return the memory of those that weren't taken since the last call; whether there are others.
  bool trim() noexcept;

  std::size_t size() const noexcept { return size_; }

  // The most that was used of any stack that was given back; 0 if they aren't painted.
  std::size_t deepest_use() const noexcept { return deepest_use_; }

 private:
  struct Kept {
    Stack stack;
    bool cold = false;  // has no memory
  };

  Stack map() const;

  std::size_t size_;
  std::vector<Kept> kept_{};
  std::size_t deepest_use_ = 0;
  std::size_t least_ = 0;  // how many there were at least since the last `trim`
};

}  // namespace flux::event
