#include "turns.hpp"

#include <algorithm>
#include <mutex>

namespace flux::event {

namespace {

constexpr std::chrono::milliseconds patience{1};

// One fiber's wait for one lock.
class Turn {
 public:
  Turn(Fiber& fiber, const Awaitable& awaitable) noexcept
      : fiber_{fiber},
        awaitable_{awaitable},
        queues_{Queues::of(awaitable.lock)},
        self_{fiber, awaitable.lock} {}

  int wait(Time deadline) noexcept {
    queues_.lock();
    queues_.join(self_);
    while (true) {
      const int error = is_first() ? awaitable_.attempt(fiber_, awaitable_.lock) : EBUSY;
      if (error != EBUSY || is_late_) {
        return leave(error == EBUSY ? ETIMEDOUT : error);
      }
      lose_patience();
      sleep(deadline);
    }
  }

 private:
  bool is_first() const noexcept { return queues_.first(awaitable_.lock) == &self_; }

  // Sleep till the deadline, or for a while where a wake-up may not come.
  void sleep(Time deadline) noexcept {
    self_.is_woken = false;
    if (awaitable_.is_silent && is_first()) {
      pause_ = std::min(2 * pause_, longest_pause);
      self_.sleep(queues_, std::min(deadline, Clock::now() + pause_), awaitable_.what);
      is_late_ = deadline != never && Clock::now() >= deadline;
    } else {
      is_late_ = !self_.sleep(queues_, deadline, awaitable_.what);
    }
  }

  // Only those who were woken in vain get here as the first, but for the first time.
  void lose_patience() noexcept {
    if (since_ == never) {
      since_ = Clock::now();
    } else if (!starves_ && is_first() && Clock::now() - since_ >= patience) {
      starves_ = true;
      queues_.starve();
    }
  }

  // Who leaves without the lock may have been woken for it; so the next is.
  int leave(int error) noexcept {
    const bool was_first = is_first();
    queues_.leave(self_);
    if (starves_) {
      queues_.starve_no_more();
    }
    queues_.unlock();
    if (was_first && (error != 0 || awaitable_.is_shared || awaitable_.is_silent)) {
      wake_first(awaitable_.lock);
    }
    return error;
  }

  static constexpr std::chrono::microseconds longest_pause{4000};

  Fiber& fiber_;
  const Awaitable& awaitable_;
  Queues& queues_;
  WaitingFiber self_;
  Time since_ = never;
  std::chrono::microseconds pause_{25};
  bool is_late_ = false;
  bool starves_ = false;
};

}  // namespace

int wait_for_turn(Fiber& fiber, const Awaitable& awaitable, Time deadline) noexcept {
  return Turn{fiber, awaitable}.wait(deadline);
}

bool WaitingFiber::sleep(Queues& queues, Time deadline, const char* what) noexcept {
  queues.unlock();
  fiber_.awaited = {what};
  bool is_in_time = true;
  if (deadline == never) {
    fiber_.park();
  } else {
    is_in_time = fiber_.park_until(deadline);
  }
  queues.lock();
  if (!is_in_time && is_woken) {
    queues.unlock();
    fiber_.park();
    queues.lock();
  }
  fiber_.awaited = {};
  return is_in_time;
}

}  // namespace flux::event
