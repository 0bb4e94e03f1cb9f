#include "flux/nodes/timer.hpp"

#include <flux/flux.h>

#include <algorithm>
#include <stdexcept>

namespace flux::nodes {

Timer::Timer(Clock::duration interval) : interval_(interval) {
  if (interval <= Clock::duration::zero()) {
    throw std::invalid_argument("the interval of a timer must be positive");
  }
}

int Timer::tick(std::uint64_t* number) {
  const std::lock_guard turn(turn_);
  if (!start_) start_ = Clock::now();
  const std::uint64_t next = last_ + 1;
  const auto due = *start_ + interval_ * static_cast<Clock::rep>(next);
  if (alarm_.wait(due)) return FLUX_END;
  const auto passed = static_cast<std::uint64_t>((Clock::now() - *start_) / interval_);
  last_ = std::max(next, passed);
  missed_ += last_ - next;
  *number = last_;
  return 0;
}

void Timer::close() noexcept {
  closed_ = true;
  alarm_.ring();
}

}  // namespace flux::nodes
