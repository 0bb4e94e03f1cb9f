// Somebody who looks after loops, and sleeps while they do.
//
// Before he sleeps he says so, and then looks once more, a while later: by then he sees what a loop
// did that hadn't yet seen it said. From then on a loop that begins to run fibers wakes him, which
// costs others one relaxed load a round.

#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "timers.hpp"

namespace flux::event {

class Vigil {
 public:
  Vigil() = default;
  Vigil(const Vigil&) = delete;
  Vigil& operator=(const Vigil&) = delete;

  // A loop begins to run fibers.
  void begin_round() noexcept {
    if (sleeps_.load(std::memory_order_relaxed)) [[unlikely]] {
      wake();
    }
  }

 protected:
  ~Vigil() = default;

  // When to look again after a look at loops that were all asleep, or not; never, if nobody wakes
  // him. `pause` is how long it is from one look to the next.
  std::optional<Time> next_look(Time now, bool all_sleep, Clock::duration pause) noexcept;

  void ring() noexcept;

  std::atomic<std::uint32_t> bell_{0};

 private:
  void wake() noexcept;

  std::atomic<bool> sleeps_{false};
  std::optional<Time> idle_since_{};
};

}  // namespace flux::event
