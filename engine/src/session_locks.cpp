#include <flux/session_locks.hpp>
#include <mutex>
#include <utility>

namespace flux {

SessionLocks::Taken SessionLocks::take(std::uint64_t session, Mode mode) {
  Stripe& its = stripe(session);
  auto guarded = its.guarded();
  SessionLock* const found = its.find(session);
  if (found == nullptr) {
    return {&its.add(session, mode), false};
  }
  ++found->users;
  guarded = {};
  return {found, flux::take(found->lock, mode)};
}

void SessionLocks::give_back(SessionLock& lock, Mode mode) noexcept {
  flux::give_back(lock.lock, mode);
  leave(lock);
}

SessionLock* SessionLocks::Stripe::find(std::uint64_t session) const noexcept {
  SessionLock* each = first.get();
  while (each != nullptr && each->session != session) {
    each = each->next.get();
  }
  return each;
}

SessionLock& SessionLocks::Stripe::add(std::uint64_t session, Mode mode) {
  auto lock = spare ? std::move(spare) : std::make_unique<SessionLock>();
  lock->session = session;
  lock->users = 1;
  lock->lock.enter_unseen(mode);
  lock->next = std::move(first);
  first = std::move(lock);
  return *first;
}

void SessionLocks::leave(SessionLock& lock) noexcept {
  Stripe& its = stripe(lock.session);
  std::unique_ptr<SessionLock> surplus;
  const auto guarded = its.guarded();
  if (--lock.users != 0) {
    return;
  }
  auto* place = &its.first;
  while (place->get() != &lock) {
    place = &(*place)->next;
  }
  auto gone = std::exchange(*place, std::move(lock.next));
  (its.spare ? surplus : its.spare) = std::move(gone);
}

std::size_t SessionLocks::live() noexcept {
  std::size_t number = 0;
  for (Stripe& each : stripes_) {
    const auto guarded = each.guarded();
    for (const SessionLock* lock = each.first.get(); lock != nullptr; lock = lock->next.get()) {
      ++number;
    }
  }
  return number;
}

}  // namespace flux
