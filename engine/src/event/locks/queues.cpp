#include "queues.hpp"

#include <mutex>
#include <new>

namespace flux::event {

constinit std::array<Queues, std::size_t{1} << queues::bits> queues::all{};

Waiter** Queues::place_of_first(const void* address) noexcept {
  Waiter** place = &first_;
  while (*place != nullptr && (*place)->address_ != address) {
    place = &(*place)->other_first_;
  }
  return place;
}

Waiter* Queues::first(const void* address) const noexcept {
  Waiter* each = first_;
  while (each != nullptr && each->address_ != address) {
    each = each->other_first_;
  }
  return each;
}

void Queues::join(Waiter& waiter) noexcept {
  Waiter** const place = place_of_first(waiter.address_);
  if (*place == nullptr) {
    waiter.previous_ = nullptr;
    waiter.next_ = nullptr;
    waiter.last_ = &waiter;
    waiter.other_first_ = first_;
    first_ = &waiter;
  } else {
    Waiter* before = (*place)->last_;
    while (!waiter.gives_way && before != nullptr && before->gives_way) [[unlikely]] {
        before = before->previous_;
      }
    insert(*place, waiter, before);
  }
  count_.fetch_add(1, std::memory_order_seq_cst);
#if !defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
  std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}

// After another one; null: as the first.
void Queues::insert(Waiter*& head, Waiter& waiter, Waiter* before) noexcept {
  waiter.previous_ = before;
  waiter.next_ = before != nullptr ? before->next_ : head;
  if (waiter.next_ != nullptr) {
    waiter.next_->previous_ = &waiter;
  } else {
    head->last_ = &waiter;
  }
  if (before != nullptr) {
    before->next_ = &waiter;
  } else {
    waiter.last_ = head->last_;
    waiter.other_first_ = head->other_first_;
    head = &waiter;
  }
}

void Queues::leave(Waiter& waiter) noexcept {
  count_.fetch_sub(1, std::memory_order_relaxed);
  Waiter** const place = place_of_first(waiter.address_);
  Waiter* const next = waiter.next_;
  if (next != nullptr) {
    next->previous_ = waiter.previous_;
  } else {
    (*place)->last_ = waiter.previous_;
  }
  if (waiter.previous_ != nullptr) {
    waiter.previous_->next_ = next;
  } else if (next == nullptr) {
    *place = waiter.other_first_;
  } else {
    next->last_ = waiter.last_;
    next->other_first_ = waiter.other_first_;
    *place = next;
  }
}

Waiter* Queues::take_all(const void* address) noexcept {
  Waiter** const place = place_of_first(address);
  Waiter* const all = *place;
  if (all != nullptr) {
    *place = all->other_first_;
  }
  for (Waiter* each = all; each != nullptr; each = each->next_) {
    each->is_woken = true;
    count_.fetch_sub(1, std::memory_order_relaxed);
  }
  return all;
}

void Queues::begin_child() noexcept {
  for (Queues& each : queues::all) {
    new (&each) Queues;
  }
}

void wake_first_queued(const void* address) noexcept {
  Queues& queues = Queues::of(address);
  std::unique_lock guarded{queues};
  Waiter* const first = queues.first(address);
  if (first != nullptr && !first->is_woken) {
    first->is_woken = true;
    guarded.unlock();
    first->wake();
  }
}

}  // namespace flux::event
