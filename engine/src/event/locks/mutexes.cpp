// Mutexes: what libc's are to threads, to fibers.
//
// A fiber enters the real mutex, by a try; see queues.hpp. So it excludes threads as well, and may
// be a mutex of any kind. Who owns it is the fiber where that matters; see owners.hpp.

#include "mutexes.hpp"

#include <utility>

#include "../calls/call.hpp"
#include "owners.hpp"
#include "real.hpp"
#include "turns.hpp"

namespace flux::event {

namespace {

// The kinds of mutexes as glibc keeps them.
constexpr unsigned type_bits = 3;
constexpr unsigned robust = 16;
constexpr unsigned shared_by_processes = 128;

unsigned kind_of(const pthread_mutex_t& mutex) noexcept {
  return static_cast<unsigned>(__atomic_load_n(&mutex.__data.__kind, __ATOMIC_RELAXED));
}

bool is_recursive(unsigned kind) noexcept { return (kind & type_bits) == PTHREAD_MUTEX_RECURSIVE; }

bool knows_owner(unsigned kind) noexcept {
  return is_recursive(kind) || (kind & type_bits) == PTHREAD_MUTEX_ERRORCHECK;
}

// As if the fiber were a thread: EDEADLK if it owns the mutex already, and may not again.
[[gnu::noinline]] int try_owned(Fiber& fiber, pthread_mutex_t& mutex, unsigned kind) noexcept {
  Owners& owners = Owners::here();
  if (!owners.prepare()) {
    return EAGAIN;
  }
  Owner* const owner = owners.find(&mutex);
  if (owner == nullptr) {
    const int error = real::pthread_mutex_trylock(&mutex);
    if (error == 0 || error == EOWNERDEAD) {
      owners.add(&mutex, fiber);
    }
    return error;
  }
  if (owner->fiber != &fiber) {
    return EBUSY;
  }
  if (!is_recursive(kind)) {
    return EDEADLK;
  }
  const int error = real::pthread_mutex_trylock(&mutex);
  owner->depth += error == 0 ? 1 : 0;
  return error;
}

int try_mutex(Fiber& fiber, void* lock) noexcept {
  auto& mutex = *static_cast<pthread_mutex_t*>(lock);
  const unsigned kind = kind_of(mutex);
  return knows_owner(kind) ? try_owned(fiber, mutex, kind) : real::pthread_mutex_trylock(&mutex);
}

// Before the mutex is unlocked: then another loop may have it at once. What no fiber of this loop
// owns may be owned by the loop's thread, outside of fibers.
[[gnu::noinline]] int disown(pthread_mutex_t& mutex) noexcept {
  Fiber* const fiber = Loop::fiber();
  Owners& owners = Owners::here();
  Owner* const owner = owners.find(&mutex);
  if (owner == nullptr || owner->fiber != fiber) {
    return owner == nullptr && fiber == nullptr ? 0 : EPERM;
  }
  if (--owner->depth == 0) {
    owners.remove(*owner);
  }
  return 0;
}

}  // namespace

// One that dies with its owner, or is another process's, wakes no fiber.
int lock_mutex(Fiber& fiber, pthread_mutex_t& mutex, Time deadline, const char* what) noexcept {
  const bool is_silent = (kind_of(mutex) & (robust | shared_by_processes)) != 0;
  return take_turn(fiber, {&mutex, try_mutex, what, false, is_silent}, deadline);
}

int unlock_mutex(pthread_mutex_t& mutex) noexcept {
  if (knows_owner(kind_of(mutex)) && Loop::current() != nullptr) [[unlikely]] {
    if (const int error = disown(mutex)) {
      return error;
    }
  }
  const int error = real::pthread_mutex_unlock(&mutex);
  wake_first(&mutex);
  return error;
}

void link_mutexes() noexcept {}

}  // namespace flux::event

using namespace flux::event;

FLUX_INTERCEPTED int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    return real::pthread_mutex_lock(mutex);
  }
  // What nearly always happens, in a few instructions.
  if (!knows_owner(kind_of(*mutex)) && !Queues::of(mutex).anybody_starves() &&
      real::pthread_mutex_trylock(mutex) == 0) [[likely]] {
    return 0;
  }
  return lock_mutex(*fiber, *mutex, never, "pthread_mutex_lock");
}

FLUX_INTERCEPTED int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    return real::pthread_mutex_trylock(mutex);
  }
  const int error = try_mutex(*fiber, mutex);
  return error == EDEADLK ? EBUSY : error;
}

FLUX_INTERCEPTED int pthread_mutex_timedlock(pthread_mutex_t* mutex,
                                             const timespec* time) noexcept {
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    return real::pthread_mutex_timedlock(mutex, time);
  }
  const auto deadline = moment(CLOCK_REALTIME, *time);
  return deadline ? lock_mutex(*fiber, *mutex, *deadline, "pthread_mutex_timedlock") : EINVAL;
}

FLUX_INTERCEPTED int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock,
                                             const timespec* time) noexcept {
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    return real::pthread_mutex_clocklock(mutex, clock, time);
  }
  const auto deadline = moment(clock, *time);
  return deadline ? lock_mutex(*fiber, *mutex, *deadline, "pthread_mutex_clocklock") : EINVAL;
}

FLUX_INTERCEPTED int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  const int error = unlock_mutex(*mutex);
  Fiber* const fiber = Loop::fiber();
  if (fiber != nullptr && std::exchange(fiber->is_handing_over, false)) [[unlikely]] {
    fiber->loop.yield();
  }
  return error;
}
