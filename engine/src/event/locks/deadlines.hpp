// Until when a call waits, as pthreads tell it and as fibers count it.

#pragma once

#include <time.h>

#include <optional>

#include "../timers.hpp"

namespace flux::event {

// A moment of a clock; no time: never.
struct Limit {
  clockid_t clock = CLOCK_REALTIME;
  const timespec* time = nullptr;
};

inline constexpr Time never = Time::max();

// A moment of a clock; nothing if there is no such clock, or no such moment. Who sets a clock while
// somebody waits for a moment of it doesn't move that moment.
std::optional<Time> moment(clockid_t clock, const timespec& time) noexcept;

}  // namespace flux::event
