// Waiting for a descriptor: the one place where ready-made nodes block.

#pragma once

#include <chrono>
#include <optional>

namespace flux::nodes {

using Clock = std::chrono::steady_clock;

// Until when to wait; without one, whatever time-out the node has.
using Deadline = std::optional<Clock::time_point>;

// Wait until one of poll's events has come, for ever without a deadline; whether it came in time.
bool wait(int descriptor, short events, Deadline deadline);

}  // namespace flux::nodes
