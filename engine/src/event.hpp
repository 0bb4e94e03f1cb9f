// Something that happens once, and those who wait for it.

#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "futex.hpp"

namespace flux {

class Event {
 public:
  void set() noexcept {
    happened_.store(1, std::memory_order_release);
    futex_wake_all(happened_);
  }

  bool is_set() const noexcept { return happened_.load(std::memory_order_acquire) != 0; }

  // Whether it has happened by then.
  bool wait(std::optional<Deadline> deadline = {}) const noexcept {
    while (!is_set() && (!deadline || std::chrono::steady_clock::now() < *deadline)) {
      futex_wait(happened_, 0, deadline);
    }
    return is_set();
  }

 private:
  std::atomic<std::uint32_t> happened_{0};
};

}  // namespace flux
