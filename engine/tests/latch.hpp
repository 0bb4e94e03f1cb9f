// Waiting in tests: until something is so, for a long time at most.

#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace flux::tests {

// Whether it becomes so before one can only give up.
inline bool eventually(const std::function<bool()>& is_so) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::yield();
  }
  return true;
}

}  // namespace flux::tests
