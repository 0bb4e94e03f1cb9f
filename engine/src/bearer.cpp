// Threads as bearers of flows.

#include <atomic>
#include <cstdint>
#include <flux/bearer.hpp>

namespace flux {

namespace {

class Thread final : public Bearer {
 public:
  void park() noexcept override {
    while (wake_ups_.exchange(0, std::memory_order_acquire) == 0) {
      wake_ups_.wait(0, std::memory_order_relaxed);
    }
  }

  void unpark() noexcept override {
    wake_ups_.store(1, std::memory_order_release);
    wake_ups_.notify_one();
  }

 private:
  std::atomic<std::uint32_t> wake_ups_{0};
};

}  // namespace

Bearer& current_bearer() noexcept {
  thread_local Thread thread;
  return thread;
}

}  // namespace flux
