// Waiting, in a queue, for what others change under the same guard.

#pragma once

#include <flux/bearer.hpp>
#include <flux/lock.hpp>
#include <mutex>

namespace flux {

class Condition {
 public:
  // Give the guard back, sleep until it is one's turn to look again, and take the guard.
  void wait(std::unique_lock<ShortLock>& guarded) noexcept;

  // The first, or null: to be unparked, best after the guard has been given back.
  Bearer* next() noexcept;

  // Let all look again.
  void notify_all() noexcept;

 private:
  struct Waiter {
    Bearer& bearer;
    Waiter* next = nullptr;
  };

  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
};

}  // namespace flux
