// How a fiber waits for its turn at a lock that it found busy.

#pragma once

#include <cerrno>

#include "../fiber.hpp"
#include "deadlines.hpp"
#include "queues.hpp"

namespace flux::event {

// A lock, to who waits for it.
struct Awaitable {
  // Try to enter; EBUSY: not yet.
  using Try = int (*)(Fiber& fiber, void* lock);

  void* lock;
  Try attempt;
  const char* what;
  bool is_shared = false;  // who has entered may not be the only one
  bool is_silent = false;  // it may be unlocked where nobody wakes fibers: by another process, say
};

// Wait until a try gives something else than EBUSY, or till a moment: ETIMEDOUT.
int wait_for_turn(Fiber& fiber, const Awaitable& awaitable, Time deadline) noexcept;

// Enter, at once if nobody starves.
inline int take_turn(Fiber& fiber, const Awaitable& awaitable, Time deadline) noexcept {
  if (!Queues::of(awaitable.lock).anybody_starves()) [[likely]] {
    const int error = awaitable.attempt(fiber, awaitable.lock);
    if (error != EBUSY) [[likely]] {
      return error;
    }
  }
  return wait_for_turn(fiber, awaitable, deadline);
}

// A fiber in a queue.
class WaitingFiber final : public Waiter {
 public:
  WaitingFiber(Fiber& its_fiber, const void* address) noexcept
      : Waiter{address}, fiber_{its_fiber} {}

  void wake() noexcept override { fiber_.unpark(); }

  // Park, guarded at the beginning and at the end; false if it became late first.
  bool sleep(Queues& queues, Time deadline, const char* what) noexcept;

 private:
  Fiber& fiber_;
};

}  // namespace flux::event
