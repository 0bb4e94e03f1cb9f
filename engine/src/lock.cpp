#include <flux/lock.hpp>
#include <mutex>

#include "futex.hpp"

namespace flux {

void ShortLock::lock_contended() noexcept {
  while (state_.exchange(awaited, std::memory_order_acquire) != open) {
    futex_wait(state_, awaited);
  }
}

void ShortLock::wake_one() noexcept { futex_wake_one(state_); }

std::size_t ReaderWriterLock::waiting() const noexcept {
  const std::scoped_lock guarded{guard_};
  std::size_t number = 0;
  for (const Waiter* each = first_; each != nullptr; each = each->next) {
    ++number;
  }
  return number;
}

bool ReaderWriterLock::wait(Mode mode) noexcept {
  if (enter_as_newcomer(mode)) {
    return false;
  }
  Waiter self{current_bearer(), mode};
  std::unique_lock guarded{guard_};
  join(self);
  const auto patient_until = clock::now() + patience_;
  bool has_waited = false;
  while (first_ != &self || !enter_as_first(mode)) {
    if (first_ == &self && clock::now() >= patient_until) {
      state_.fetch_or(starving, std::memory_order_relaxed);
    }
    self.awake = false;
    has_waited = true;
    guarded.unlock();
    self.bearer.park();
    guarded.lock();
  }
  leave_queue();
  guarded.unlock();
  if (mode == Mode::reader) {
    wake_first();
  }
  return has_waited;
}

// A compare-and-swap also fails where others only change how many readers there are.
bool ReaderWriterLock::enter_as_newcomer(Mode mode) noexcept {
  std::uint32_t seen = state_.load(std::memory_order_relaxed);
  const std::uint32_t barred = writer | claimed | starving;
  while (!(seen & barred) && (mode == Mode::reader || seen < reader)) {
    const std::uint32_t entered = seen + (mode == Mode::reader ? reader : writer);
    if (state_.compare_exchange_weak(seen, entered, std::memory_order_acquire,
                                     std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

bool ReaderWriterLock::enter_as_first(Mode mode) noexcept {
  return mode == Mode::reader ? read_as_first() : write_as_first();
}

bool ReaderWriterLock::read_as_first() noexcept {
  std::uint32_t seen = state_.load(std::memory_order_relaxed);
  while (!(seen & writer)) {
    if (state_.compare_exchange_weak(seen, seen + reader, std::memory_order_acquire,
                                     std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

bool ReaderWriterLock::write_as_first() noexcept {
  std::uint32_t seen = state_.load(std::memory_order_relaxed);
  while (!(seen & writer)) {
    const std::uint32_t next = seen < reader ? seen + writer : seen | claimed;
    if (state_.compare_exchange_weak(seen, next, std::memory_order_acquire,
                                     std::memory_order_relaxed)) {
      return seen < reader;
    }
  }
  return false;
}

void ReaderWriterLock::join(Waiter& waiter) noexcept {
  (first_ == nullptr ? first_ : last_->next) = &waiter;
  last_ = &waiter;
  state_.fetch_or(queued, std::memory_order_relaxed);
}

// The first has entered: what the word says of the queue is about to be another's.
void ReaderWriterLock::leave_queue() noexcept {
  first_ = first_->next;
  const std::uint32_t gone = claimed | starving | (first_ == nullptr ? queued : 0);
  state_.fetch_and(~gone, std::memory_order_relaxed);
}

void ReaderWriterLock::wake_first() noexcept {
  std::unique_lock guarded{guard_};
  if (first_ == nullptr || first_->awake) {
    return;
  }
  first_->awake = true;
  Bearer& bearer = first_->bearer;
  guarded.unlock();
  bearer.unpark();
}

}  // namespace flux
