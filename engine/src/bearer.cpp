// Threads as bearers of flows; fibers are bearers of their own.

#include <atomic>
#include <cstdint>
#include <flux/bearer.hpp>

#include "event/loop.hpp"
#include "futex.hpp"

namespace flux {

namespace {

class Thread final : public Bearer {
 public:
  void park() noexcept override {
    std::uint32_t expected = awake;
    if (state_.compare_exchange_strong(expected, asleep, std::memory_order_acquire)) {
      while (state_.load(std::memory_order_acquire) == asleep) {
        futex_wait(state_, asleep);
      }
    }
    state_.store(awake, std::memory_order_relaxed);
  }

  bool park_until(Deadline deadline) noexcept override {
    std::uint32_t expected = awake;
    if (state_.compare_exchange_strong(expected, asleep, std::memory_order_acquire)) {
      while (state_.load(std::memory_order_acquire) == asleep &&
             std::chrono::steady_clock::now() < deadline) {
        futex_wait(state_, asleep, deadline);
      }
    }
    return state_.exchange(awake, std::memory_order_acquire) == woken;
  }

  void unpark() noexcept override {
    if (state_.exchange(woken, std::memory_order_acq_rel) == asleep) {
      futex_wake_one(state_);
    }
  }

 private:
  static constexpr std::uint32_t awake = 0;
  static constexpr std::uint32_t asleep = 1;
  static constexpr std::uint32_t woken = 2;

  std::atomic<std::uint32_t> state_{awake};
};

}  // namespace

Bearer& current_bearer() noexcept {
  if (event::Fiber* const fiber = event::Loop::fiber()) {
    return *fiber;
  }
  thread_local Thread thread;
  return thread;
}

}  // namespace flux
