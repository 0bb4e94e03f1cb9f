// Something that happens once, and who waits for it: one flow or source.

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
    Bearer* const waiter = std::exchange(waiter_, nullptr);
    guarded.unlock();
    if (waiter != nullptr) {
      waiter->unpark();
    }
  }

  bool is_set() const noexcept { return happened_.load(std::memory_order_acquire); }

  // Whether it has happened by then.
  bool wait(Deadline deadline = Deadline::max()) noexcept {
    std::unique_lock guarded{guard_};
    if (is_set()) {
      return true;
    }
    Bearer& self = current_bearer();
    waiter_ = &self;
    guarded.unlock();
    if (!self.park_until(deadline)) {
      give_up(guarded);
    }
    return is_set();
  }

 private:
  // Let nobody wake who waits no more; whoever is about to is waited for.
  void give_up(std::unique_lock<ShortLock>& guarded) noexcept {
    guarded.lock();
    const bool is_awaited = std::exchange(waiter_, nullptr) == nullptr;
    guarded.unlock();
    if (is_awaited) {
      current_bearer().park();
    }
  }

  std::atomic<bool> happened_{false};
  ShortLock guard_{};
  Bearer* waiter_ = nullptr;
};

}  // namespace flux
