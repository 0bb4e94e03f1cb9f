#include <flux/session_locks.hpp>
#include <mutex>
#include <utility>

namespace flux {

SessionLock& SessionLocks::join(std::uint64_t session) {
  Stripe& its = stripe(session);
  const std::scoped_lock guarded{its.guard};
  SessionLock* found = its.first.get();
  while (found != nullptr && found->session != session) {
    found = found->next.get();
  }
  if (found == nullptr) {
    auto lock = its.spare ? std::move(its.spare) : std::make_unique<SessionLock>();
    lock->session = session;
    lock->next = std::move(its.first);
    its.first = std::move(lock);
    found = its.first.get();
  }
  ++found->users;
  return *found;
}

void SessionLocks::leave(SessionLock& lock) noexcept {
  Stripe& its = stripe(lock.session);
  std::unique_ptr<SessionLock> surplus;
  const std::scoped_lock guarded{its.guard};
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
    const std::scoped_lock guarded{each.guard};
    for (const SessionLock* lock = each.first.get(); lock != nullptr; lock = lock->next.get()) {
      ++number;
    }
  }
  return number;
}

}  // namespace flux
