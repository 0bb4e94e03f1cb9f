// How long to wait before trying again what has failed.

#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace flux {

// The wait after so many failures in a row: it doubles from 1 ms to 1 s.
constexpr std::chrono::milliseconds delay(std::uint64_t failures) noexcept {
  const std::uint64_t doublings = std::min<std::uint64_t>(failures > 1 ? failures - 1 : 0, 10);
  return std::min(std::chrono::milliseconds{1 << doublings}, std::chrono::milliseconds{1000});
}

}  // namespace flux
