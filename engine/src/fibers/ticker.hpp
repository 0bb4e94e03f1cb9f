// Interrupts fibers that compute, so that others get their turn.
//
// Theory of operation. The interpreter lets go of its lock when another thread has asked for it for
// a while, its switch interval: 5 ms. Fibers of the same loop can't ask, for they don't run. So a
// thread asks for them. It looks every other millisecond how often the loop has switched fibers,
// and where one has run for longer than a few, it asks for the lock as any thread would. It keeps
// it until the fiber, which now wants it back, has been parked. Then all fibers that are ready have
// their turn, and get the lock in the order in which they asked for it.
//
// One that often lets go of the lock for a moment, as around calls that needn't wait, or that
// compute in C, would mostly have it again before who asked for it runs. So it makes way where it
// lets go.
//
// A fiber that runs long without the lock in one call can't be interrupted, as no thread could; but
// it holds up the others. Who got the lock at once knows that, and gives it back at once.
//
// Who was interrupted goes last. He has used up his turn, which the loop is told before the lock is
// asked for; so he queues for it behind those who haven't, whenever they come, and where he is
// ready to run, the loop first looks whether anybody else is (see event/ready.hpp). He keeps that
// place until he waits for something else than locks. So a fiber whose sleep is over, or whose
// request has come, waits for the rest of one turn at most, however many compute: two looks and a
// switch interval, 7 to 9 ms, and what the system takes to run two threads.

#pragma once

#include <cstdint>

#include "../event/loop.hpp"
#include "../event/vigil.hpp"
#include "stalls.hpp"

namespace flux::fibers {

class Ticker final : public event::Vigil {
 public:
  explicit Ticker(event::Loop& loop) noexcept : loop_{loop} {}

  // Where the system has no thread for it, nothing is interrupted.
  void start() noexcept;

 private:
  static void* run(void* ticker);
  void look(event::Time now);
  void interrupt(event::Time now);
  void await_switch(event::Time deadline) const noexcept;
  bool has_switched() const noexcept;

  event::Loop& loop_;
  std::uint64_t seen_ = 0;
  event::Time since_{};
  Stalls stalls_{};
};

}  // namespace flux::fibers
