// A node that keeps its loop busy.

#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include "../latch.hpp"

namespace flux::tests {

// Be busy, without a call that could give way, until another thread has seen that it is so; whether
// it became so.
inline bool busy_until(const std::function<bool()>& is_so) {
  std::atomic<int> seen{-1};
  const std::jthread other{[&] { seen = eventually(is_so) ? 1 : 0; }};
  while (seen == -1) {
  }
  return seen == 1;
}

}  // namespace flux::tests
