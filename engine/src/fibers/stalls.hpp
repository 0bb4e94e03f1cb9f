// Tells which fiber held up the others, and for how long.
//
// The ticker asks for the interpreter's lock when a fiber has run for a while. Where that comes
// late, or where the fiber still runs, without the lock, after long, it is told here: its frames
// are what they were, but for some instructions, for the interpreter makes way as soon as it can. A
// fiber that never makes way is not told.

#pragma once

#include <pthread.h>

#include <cstdint>

#include "../event/timers.hpp"
#include "../event/watch.hpp"
#include "python.hpp"

namespace flux::fibers {

class Stalls {
 public:
  // The variable of the environment that says after how many milliseconds; 0: never.
  static constexpr const char* variable = "FLUX_FIBERS_STALL";

  Stalls() noexcept;

  // With the interpreter's lock: this thread had its turn, of this number, for so long.
  void tell(const Python& python, pthread_t name, std::uint64_t turn, event::Clock::duration time);

 private:
  event::Clock::duration threshold_{std::chrono::milliseconds{200}};
  event::Allowance allowance_{};
  std::uint64_t told_ = 0;
  std::uint64_t untold_ = 0;
};

}  // namespace flux::fibers
