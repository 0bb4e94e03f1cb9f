// Stacks of fibers that overflow: told, with the flow and the node, before the process dies of it.

#pragma once

#include <signal.h>

#include <memory>

namespace flux::event {

// Where the handlers of a thread's signals run: the stack that has overflowed has no room for them.
class AlternateStack {
 public:
  AlternateStack();
  ~AlternateStack();
  AlternateStack(const AlternateStack&) = delete;
  AlternateStack& operator=(const AlternateStack&) = delete;

 private:
  std::unique_ptr<char[]> memory_;
  stack_t before_{};
};

// Whether a fault at this address means that the stack of the running fiber has overflowed: then it
// is told on stderr. For handlers of signals.
bool tell_overflow(const void* address) noexcept;

class Loop;

// How deep the stacks of a loop were used, where they are painted.
void tell_deepest_use(const Loop& loop) noexcept;

}  // namespace flux::event
