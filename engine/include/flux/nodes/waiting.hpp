// Waiting for a descriptor, or for being woken: the one place where ready-made nodes block.

#pragma once

#include <chrono>
#include <optional>

#include "flux/nodes/descriptor.hpp"

namespace flux::nodes {

using Clock = std::chrono::steady_clock;

// Until when to wait; without one, whatever time-out the node has.
using Deadline = std::optional<Clock::time_point>;

// Wait until one of poll's events has come, for ever without a deadline; whether it came in time.
bool wait(int descriptor, short events, Deadline deadline);

// What other threads ring to wake a node that waits for it; once rung it goes on ringing.
class Alarm {
 public:
  Alarm();

  void ring() const noexcept;
  int descriptor() const noexcept { return event_.get(); }

  // Wait until it rings; whether it did in time.
  bool wait(Deadline deadline) const;

 private:
  detail::Descriptor event_;
};

}  // namespace flux::nodes
