#include "condition.hpp"

namespace flux {

void Condition::wait(std::unique_lock<ShortLock>& guarded) noexcept {
  Waiter self{current_bearer()};
  (first_ == nullptr ? first_ : last_->next) = &self;
  last_ = &self;
  guarded.unlock();
  self.bearer.park();
  guarded.lock();
}

Bearer* Condition::next() noexcept {
  if (first_ == nullptr) {
    return nullptr;
  }
  Bearer& bearer = first_->bearer;
  first_ = first_->next;
  return &bearer;
}

void Condition::notify_all() noexcept {
  while (Bearer* const bearer = next()) {
    bearer->unpark();
  }
}

}  // namespace flux
