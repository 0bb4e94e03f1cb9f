// The waits of a loop that signals interrupt.
//
// A signal comes to one thread, and interrupts the call in which that waits. Here many calls wait
// on the thread: it is the latest. Whether it fails or begins anew is its own affair.

#pragma once

#include <utility>

#include "waiting.hpp"

namespace flux::event {

class Interruptible {
 public:
  void add(Waiting& waiting) noexcept {
    waiting.later_ = nullptr;
    waiting.earlier_ = std::exchange(latest_, &waiting);
    if (waiting.earlier_ != nullptr) {
      waiting.earlier_->later_ = &waiting;
    }
  }

  void remove(Waiting& waiting) noexcept {
    (waiting.later_ != nullptr ? waiting.later_->earlier_ : latest_) = waiting.earlier_;
    if (waiting.earlier_ != nullptr) {
      waiting.earlier_->later_ = waiting.later_;
    }
  }

  // A signal has come.
  void interrupt() noexcept {
    if (latest_ != nullptr) {
      latest_->interrupt();
    }
  }

 private:
  Waiting* latest_ = nullptr;
};

}  // namespace flux::event
