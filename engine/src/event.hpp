// Something that happens once, and those who wait for it.

#pragma once

#include <atomic>
#include <flux/bearer.hpp>
#include <flux/lock.hpp>
#include <mutex>
#include <utility>

#include "futex.hpp"

namespace flux {

class Event {
 public:
  void set() noexcept {
    std::unique_lock guarded{guard_};
    happened_.store(true, std::memory_order_release);
    while (first_ != nullptr) {
      Waiter& woken = *std::exchange(first_, first_->next);
      woken.is_in = false;
      woken.bearer.unpark();
    }
  }

  bool is_set() const noexcept { return happened_.load(std::memory_order_acquire); }

  // Whether it has happened by then.
  bool wait(Deadline deadline = Deadline::max()) noexcept {
    Waiter self{current_bearer()};
    std::unique_lock guarded{guard_};
    if (is_set()) {
      return true;
    }
    self.next = std::exchange(first_, &self);
    guarded.unlock();
    const bool was_woken = self.bearer.park_until(deadline);
    guarded.lock();  // whoever sets this has done with it, too: it may go now
    if (!was_woken) {
      give_up(self, guarded);
    }
    return is_set();
  }

 private:
  struct Waiter {
    Bearer& bearer;
    bool is_in = true;
    Waiter* next = nullptr;
  };

  // Let nobody wake who waits no more; who was woken all the same takes the wake-up.
  void give_up(Waiter& self, std::unique_lock<ShortLock>& guarded) noexcept {
    if (!self.is_in) {
      guarded.unlock();
      self.bearer.park();
      return;
    }
    Waiter** place = &first_;
    while (*place != &self) {
      place = &(*place)->next;
    }
    *place = self.next;
  }

  std::atomic<bool> happened_{false};
  ShortLock guard_{};
  Waiter* first_ = nullptr;
};

}  // namespace flux
