// Locks for readers and a writer: a fiber enters the real one, by a try; see queues.hpp.
//
// Who comes as a reader doesn't line up behind a writer who starves, unless the lock was made to
// prefer writers: else one may read who reads already.
//
// libc refuses who writes already, whom it knows by his thread. Which fiber that is, is remembered
// here; see owners.hpp.

#include "rwlocks.hpp"

#include "../calls/call.hpp"
#include "owners.hpp"
#include "real.hpp"
#include "turns.hpp"

namespace flux::event {

namespace {

// Without memory to remember it in, who writes already is not refused, but waits.
int try_to_own(Fiber& fiber, pthread_rwlock_t& lock) noexcept {
  Owners& owners = Owners::here();
  const bool remembers = owners.prepare();
  const int error = real::pthread_rwlock_trywrlock(&lock);
  if (error == 0 && remembers) {
    owners.add(&lock, fiber);
  }
  return error;
}

void disown(const pthread_rwlock_t& lock) noexcept {
  Owners& owners = Owners::here();
  if (Owner* const owner = owners.find(&lock)) {
    owners.remove(*owner);
  }
}

// Nobody can wait for himself.
int refused(int error, const Fiber& fiber, const void* lock) noexcept {
  const Owner* const owner = error == EBUSY ? Owners::here().find(lock) : nullptr;
  return owner != nullptr && owner->fiber == &fiber ? EDEADLK : error;
}

int try_reading(Fiber& fiber, void* lock) noexcept {
  const int error = real::pthread_rwlock_tryrdlock(static_cast<pthread_rwlock_t*>(lock));
  return refused(error, fiber, lock);
}

int try_writing(Fiber& fiber, void* lock) noexcept {
  return refused(try_to_own(fiber, *static_cast<pthread_rwlock_t*>(lock)), fiber, lock);
}

bool is_shared_by_processes(const pthread_rwlock_t& lock) noexcept {
  return lock.__data.__shared != 0;
}

bool prefers_writers(const pthread_rwlock_t& lock) noexcept {
  return lock.__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

int read(Fiber& fiber, pthread_rwlock_t& lock, Time deadline, const char* what) noexcept {
  const Awaitable awaitable{&lock, try_reading, what, true, is_shared_by_processes(lock)};
  if (prefers_writers(lock)) {
    return take_turn(fiber, awaitable, deadline);
  }
  const int error = try_reading(fiber, &lock);
  return error != EBUSY ? error : wait_for_turn(fiber, awaitable, deadline);
}

int write(Fiber& fiber, pthread_rwlock_t& lock, Time deadline, const char* what) noexcept {
  const bool is_silent = is_shared_by_processes(lock);
  return take_turn(fiber, {&lock, try_writing, what, false, is_silent}, deadline);
}

// Read or write until a moment of a clock.
template <auto enter>
int enter_until(Fiber& fiber, pthread_rwlock_t& lock, clockid_t clock, const timespec& time,
                const char* what) noexcept {
  const auto deadline = moment(clock, time);
  return deadline ? enter(fiber, lock, *deadline, what) : EINVAL;
}

}  // namespace

void link_rwlocks() noexcept {}

}  // namespace flux::event

using namespace flux::event;

FLUX_INTERCEPTED int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    return real::pthread_rwlock_rdlock(lock);
  }
  return flux::event::read(*fiber, *lock, never, "pthread_rwlock_rdlock");
}

FLUX_INTERCEPTED int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock,
                                                const timespec* time) noexcept {
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    return real::pthread_rwlock_timedrdlock(lock, time);
  }
  return enter_until<flux::event::read>(*fiber, *lock, CLOCK_REALTIME, *time,
                                        "pthread_rwlock_timedrdlock");
}

FLUX_INTERCEPTED int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock,
                                                const timespec* time) noexcept {
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    return real::pthread_rwlock_clockrdlock(lock, clock, time);
  }
  return enter_until<flux::event::read>(*fiber, *lock, clock, *time, "pthread_rwlock_clockrdlock");
}

FLUX_INTERCEPTED int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    return real::pthread_rwlock_wrlock(lock);
  }
  return flux::event::write(*fiber, *lock, never, "pthread_rwlock_wrlock");
}

FLUX_INTERCEPTED int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock,
                                                const timespec* time) noexcept {
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    return real::pthread_rwlock_timedwrlock(lock, time);
  }
  return enter_until<flux::event::write>(*fiber, *lock, CLOCK_REALTIME, *time,
                                         "pthread_rwlock_timedwrlock");
}

FLUX_INTERCEPTED int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock,
                                                const timespec* time) noexcept {
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    return real::pthread_rwlock_clockwrlock(lock, clock, time);
  }
  return enter_until<flux::event::write>(*fiber, *lock, clock, *time, "pthread_rwlock_clockwrlock");
}

// Tries never wait, and whoever makes them is in no queue.
FLUX_INTERCEPTED int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
  return real::pthread_rwlock_tryrdlock(lock);
}

FLUX_INTERCEPTED int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
  Fiber* const fiber = Loop::fiber();
  return fiber != nullptr ? try_to_own(*fiber, *lock) : real::pthread_rwlock_trywrlock(lock);
}

FLUX_INTERCEPTED int pthread_rwlock_unlock(pthread_rwlock_t* lock) noexcept {
  if (Loop::fiber() != nullptr) {
    disown(*lock);  // before another loop can have it
  }
  const int error = real::pthread_rwlock_unlock(lock);
  wake_first(lock);
  return error;
}
