// Semaphores: a fiber takes from the real one, by a try; see queues.hpp.
//
// A signal handler may post. It is in no danger where no fiber waits, for then nothing is locked.

#include "semaphores.hpp"

#include <cerrno>

#include "../calls/call.hpp"
#include "real.hpp"
#include "turns.hpp"

namespace flux::event {

namespace {

// What glibc keeps in a semaphore behind its value.
bool is_shared_by_processes(const sem_t& semaphore) noexcept {
  struct Kept {
    std::uint64_t value;
    int sharing;
  };
  static_assert(sizeof(Kept) <= sizeof(sem_t));
  return __atomic_load_n(&reinterpret_cast<const Kept&>(semaphore).sharing, __ATOMIC_RELAXED) != 0;
}

int try_taking(Fiber&, void* semaphore) noexcept {
  if (real::sem_trywait(static_cast<sem_t*>(semaphore)) == 0) {
    return 0;
  }
  return errno == EAGAIN ? EBUSY : errno;
}

int told(int error) noexcept {
  if (error == 0) {
    return 0;
  }
  errno = error;
  return -1;
}

int take(Fiber& fiber, sem_t& semaphore, Time deadline, const char* what) noexcept {
  const bool is_silent = is_shared_by_processes(semaphore);
  return told(take_turn(fiber, {&semaphore, try_taking, what, true, is_silent}, deadline));
}

int take_until(Fiber& fiber, sem_t& semaphore, clockid_t clock, const timespec& time,
               const char* what) noexcept {
  const auto deadline = moment(clock, time);
  return deadline ? take(fiber, semaphore, *deadline, what) : told(EINVAL);
}

}  // namespace

void link_semaphores() noexcept {}

}  // namespace flux::event

using namespace flux::event;

FLUX_INTERCEPTED int sem_wait(sem_t* semaphore) {
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    return real::sem_wait(semaphore);
  }
  return take(*fiber, *semaphore, never, "sem_wait");
}

FLUX_INTERCEPTED int sem_timedwait(sem_t* semaphore, const timespec* time) {
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    return real::sem_timedwait(semaphore, time);
  }
  return take_until(*fiber, *semaphore, CLOCK_REALTIME, *time, "sem_timedwait");
}

FLUX_INTERCEPTED int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* time) {
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    return real::sem_clockwait(semaphore, clock, time);
  }
  return take_until(*fiber, *semaphore, clock, *time, "sem_clockwait");
}

// A try never waits, and who makes it is in no queue.
FLUX_INTERCEPTED int sem_trywait(sem_t* semaphore) noexcept { return real::sem_trywait(semaphore); }

FLUX_INTERCEPTED int sem_post(sem_t* semaphore) noexcept {
  const int result = real::sem_post(semaphore);
  wake_first(semaphore);
  return result;
}
