// Gives the memory of unused stacks back, once a second, as long as there are any that have some.

#pragma once

#include <chrono>

#include "stack.hpp"
#include "timers.hpp"

namespace flux::event {

class Trimming final : public Timer {
 public:
  Trimming(Timers& timers, Stacks& stacks) noexcept : timers_{timers}, stacks_{stacks} {}

  // A stack was given back.
  void begin() noexcept {
    if (!is_due_) {
      is_due_ = true;
      timers_.add(*this, Clock::now() + between_trims);
    }
  }

 private:
  static constexpr std::chrono::seconds between_trims{1};

  void ring() noexcept override {
    is_due_ = false;
    if (stacks_.trim()) {
      begin();
    }
  }

  Timers& timers_;
  Stacks& stacks_;
  bool is_due_ = false;
};

}  // namespace flux::event
