// What a loop hears of the kernel.

#include <cerrno>
#include <optional>

#include "loop.hpp"

namespace flux::event {

// Ask the kernel for news; sleep if there is nothing else to do.
void Loop::listen() noexcept {
  if (!ready_.empty() || (living_ == nullptr && stopped_.load(std::memory_order_acquire))) {
    const int count = poller_.wait(Time::min());
    for (const epoll_event& event : poller_.events(count > 0 ? count : 0)) {
      hear(event);
    }
    return;
  }
  sleeps_.store(true, std::memory_order_seq_cst);
  const Time next = inbox_.empty() ? timers_.next() : Time::min();
  const int count = poller_.wait(next == Time::max() ? std::nullopt : std::optional{next});
  const int error = errno;
  sleeps_.store(false, std::memory_order_relaxed);
  if (count < 0 && error == EINTR) {
    interruptible_.interrupt();
  }
  for (const epoll_event& event : poller_.events(count > 0 ? count : 0)) {
    hear(event);
  }
}

void Loop::hear(const epoll_event& event) noexcept {
  if (event.data.u64 == bell_token) {
    if (ring_ != nullptr) {
      ring_->take();
    }
    return;
  }
  const Descriptor* const its = descriptors_.heard(static_cast<int>(event.data.u64), event.events);
  if (its != nullptr) {
    subscribers_.tell(its->subscriber, its->token, event.events);
  }
}

}  // namespace flux::event
