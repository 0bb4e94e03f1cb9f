#include "deadlines.hpp"

#include <algorithm>
#include <cstdint>

namespace flux::event {

namespace {

// Further away than this nothing is waited for, and time can't be counted much further.
constexpr std::int64_t longest = 100LL * 365 * 24 * 3600;

Clock::duration since_epoch(const timespec& time) noexcept {
  const std::int64_t seconds = std::clamp<std::int64_t>(time.tv_sec, -longest, longest);
  return std::chrono::seconds{seconds} + std::chrono::nanoseconds{time.tv_nsec};
}

}  // namespace

std::optional<Time> moment(clockid_t clock, const timespec& time) noexcept {
  const bool is_known = clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
  if (!is_known || time.tv_nsec < 0 || time.tv_nsec >= 1'000'000'000) {
    return std::nullopt;
  }
  if (clock == CLOCK_MONOTONIC) {
    return Time{since_epoch(time)};
  }
  timespec now{};
  clock_gettime(clock, &now);
  return Clock::now() + (since_epoch(time) - since_epoch(now));
}

}  // namespace flux::event
