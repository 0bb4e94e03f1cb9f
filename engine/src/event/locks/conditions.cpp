// Condition variables: fibers and threads in one queue.
//
// Threads wait here, too, not in libc: there a thread would unlock its mutex within libc, and no
// fiber that waits for the mutex would hear of it. Each sleeps on a condition of its own, so it can
// be cancelled. Whoever waits is in the queue of the condition's address before he unlocks, and
// leaves it by the signal that is his.
//
// A condition that processes share is libc's to threads, which may be signalled by other processes.
// A fiber can't hear these. It wakes up for no reason every other millisecond, as it may.

#include "conditions.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <utility>

#include "../calls/call.hpp"
#include "mutexes.hpp"
#include "real.hpp"
#include "turns.hpp"

namespace flux::event {

namespace {

constexpr std::chrono::milliseconds pause{2};

// What glibc keeps of a condition.
constexpr unsigned shared = 1;
constexpr unsigned monotonic = 2;

unsigned kind_of(const pthread_cond_t& condition) noexcept {
  return __atomic_load_n(&condition.__data.__wrefs, __ATOMIC_RELAXED);
}

bool is_shared(const pthread_cond_t& condition) noexcept {
  return (kind_of(condition) & shared) != 0;
}

clockid_t clock_of(const pthread_cond_t& condition) noexcept {
  return (kind_of(condition) & monotonic) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

bool wake_one(const pthread_cond_t& condition) noexcept {
  Queues& queues = Queues::of(&condition);
  if (!queues.anybody()) {
    return false;
  }
  std::unique_lock guarded{queues};
  Waiter* const first = queues.first(&condition);
  if (first == nullptr) {
    return false;
  }
  queues.leave(*first);
  first->is_woken = true;
  guarded.unlock();
  first->wake();
  return true;
}

// Who has used up its turn, and lets go of a lock of which somebody is to be told, as of the
// interpreter's, would have it again before that one runs. So it makes way once it has unlocked. At
// the end of its turn it does so even if nobody waits, for others may be ready to run; those that
// then find the lock taken, for not every signal lets go of one, have it at the next.
void hand_over(bool is_awaited) noexcept {
  Fiber* const fiber = Loop::fiber();
  if (fiber != nullptr && (fiber->loop.is_turn_over() || (is_awaited && fiber->gives_way)))
      [[unlikely]] {
    fiber->gives_way = true;
    fiber->is_handing_over = true;
  }
}

void wake_all(const pthread_cond_t& condition) noexcept {
  Queues& queues = Queues::of(&condition);
  if (!queues.anybody()) {
    return;
  }
  std::unique_lock guarded{queues};
  Waiter* each = queues.take_all(&condition);
  guarded.unlock();
  while (each != nullptr) {
    std::exchange(each, Queues::next(*each))->wake();
  }
}

int wait_as_fiber(Fiber& fiber, pthread_cond_t& condition, pthread_mutex_t& mutex, Time deadline,
                  const char* what) noexcept {
  const Time wake_up = is_shared(condition) ? std::min(deadline, Clock::now() + pause) : deadline;
  Queues& queues = Queues::of(&condition);
  WaitingFiber self{fiber, &condition};
  fiber.gives_way |= fiber.loop.is_turn_over();
  self.gives_way = fiber.gives_way;
  queues.lock();
  queues.join(self);
  queues.unlock();
  const int refused = unlock_mutex(mutex);
  queues.lock();
  self.sleep(queues, refused == 0 ? wake_up : Time::min(), what);
  const bool is_signalled = self.is_woken;
  if (!is_signalled) {
    queues.leave(self);
  }
  queues.unlock();
  if (refused != 0) {
    is_signalled&& wake_one(condition);
    return refused;
  }
  const bool is_late = !is_signalled && wake_up == deadline;
  const int error = lock_mutex(fiber, mutex, never, what);
  return error == 0 && is_late ? ETIMEDOUT : error;
}

// A thread in a queue. The semaphore that it sleeps on is its own. Who posts doesn't touch it once
// the thread can go on, and holds nothing meanwhile: on one processor the thread runs at once, and
// with a mutex and a condition it would have to wait for who has woken it, two more changes of
// threads.
class WaitingThread final : public Waiter {
 public:
  explicit WaitingThread(const void* address) noexcept : Waiter{address} {
    ::sem_init(&signal_, 0, 0);
  }

  void wake() noexcept override { real::sem_post(&signal_); }

  // Until it is woken, or late: ETIMEDOUT, or EINVAL. The thread may be cancelled meanwhile.
  int sleep(const Limit& limit) {
    const int kept = errno;
    int error = 0;
    while (!has_heard_ && error == 0) {
      has_heard_ = wait(limit) == 0;
      error = has_heard_ || errno == EINTR ? 0 : errno;
    }
    errno = kept;
    return error;
  }

 private:
  int wait(const Limit& limit) {
    return limit.time == nullptr ? real::sem_wait(&signal_)
                                 : real::sem_clockwait(&signal_, limit.clock, limit.time);
  }

  sem_t signal_;
  bool has_heard_ = false;
};

// A thread's wait for one signal. However it ends, the mutex is locked again.
class ThreadsWait {
 public:
  ThreadsWait(pthread_cond_t& condition, pthread_mutex_t& mutex) noexcept
      : condition_{condition}, mutex_{mutex} {
    queues_.lock();
    queues_.join(self_);
    queues_.unlock();
  }
  ThreadsWait(const ThreadsWait&) = delete;
  ThreadsWait& operator=(const ThreadsWait&) = delete;

  // What a thread has got that was cancelled is another's.
  ~ThreadsWait() {
    if (!is_over_) {
      leave() && wake_one(condition_);
      real::pthread_mutex_lock(&mutex_);
    }
  }

  int wait(const Limit& limit) {
    if (const int refused = unlock_mutex(mutex_)) {
      is_over_ = true;
      leave() && wake_one(condition_);
      return refused;
    }
    const int late = self_.sleep(limit);
    is_over_ = true;
    const bool is_signalled = leave();
    const int error = real::pthread_mutex_lock(&mutex_);
    return error == 0 && !is_signalled ? late : error;
  }

 private:
  // Whether it has been signalled.
  bool leave() noexcept {
    std::unique_lock guarded{queues_};
    if (self_.is_woken) {
      guarded.unlock();
      self_.sleep({CLOCK_REALTIME, nullptr});
      return true;
    }
    queues_.leave(self_);
    return false;
  }

  pthread_cond_t& condition_;
  pthread_mutex_t& mutex_;
  Queues& queues_ = Queues::of(&condition_);
  WaitingThread self_{&condition_};
  bool is_over_ = false;
};

// Wait; null: for ever.
int wait_until(pthread_cond_t& condition, pthread_mutex_t& mutex, clockid_t clock,
               const timespec* time, const char* what) {
  const auto deadline = time != nullptr ? moment(clock, *time) : never;
  if (!deadline) {
    return EINVAL;
  }
  if (Fiber* const fiber = Loop::fiber()) {
    return wait_as_fiber(*fiber, condition, mutex, *deadline, what);
  }
  return ThreadsWait{condition, mutex}.wait({clock, time});
}

bool is_real(const pthread_cond_t& condition) noexcept {
  return is_shared(condition) && !on_fiber();
}

}  // namespace

void link_conditions() noexcept {}

}  // namespace flux::event

using namespace flux::event;

FLUX_INTERCEPTED int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  if (is_real(*condition)) {
    return real::pthread_cond_wait(condition, mutex);
  }
  return wait_until(*condition, *mutex, CLOCK_MONOTONIC, nullptr, "pthread_cond_wait");
}

FLUX_INTERCEPTED int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                            const timespec* time) {
  if (is_real(*condition)) {
    return real::pthread_cond_timedwait(condition, mutex, time);
  }
  return wait_until(*condition, *mutex, clock_of(*condition), time, "pthread_cond_timedwait");
}

FLUX_INTERCEPTED int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                            clockid_t clock, const timespec* time) {
  if (is_real(*condition)) {
    return real::pthread_cond_clockwait(condition, mutex, clock, time);
  }
  return wait_until(*condition, *mutex, clock, time, "pthread_cond_clockwait");
}

// Once somebody has been woken, the condition may be no more.
FLUX_INTERCEPTED int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  if (is_shared(*condition)) {
    const int error = real::pthread_cond_signal(condition);
    wake_one(*condition);
    return error;
  }
  const bool is_awaited = wake_one(*condition);
  hand_over(is_awaited);
  return is_awaited ? 0 : real::pthread_cond_signal(condition);
}

FLUX_INTERCEPTED int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  const int error = real::pthread_cond_broadcast(condition);
  wake_all(*condition);
  return error;
}
