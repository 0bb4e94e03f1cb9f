// The locks of pthreads with more kinds than those of C++ have, for tests.

#pragma once

#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <thread>

#include "fibers.hpp"

namespace flux::tests {

// So many fibers that nothing may take a step for each of them whenever one of them moves.
#ifdef __SANITIZE_THREAD__
inline constexpr std::size_t crowd = 500;  // each takes two megabytes
#else
inline constexpr std::size_t crowd = 10'000;
#endif

inline Bodies many(std::size_t count, const std::function<void()>& body) {
  return Bodies(count, body);
}

// Wait, as a thread or a fiber, until somebody says that it is so.
inline void until(const std::atomic<bool>& is_so) {
  while (!is_so) {
    std::this_thread::yield();
  }
}

inline timespec later(clockid_t clock, std::chrono::nanoseconds time) {
  timespec moment{};
  clock_gettime(clock, &moment);
  time += std::chrono::nanoseconds{moment.tv_nsec};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return {.tv_sec = moment.tv_sec + seconds.count(), .tv_nsec = (time - seconds).count()};
}

struct Mutex {
  explicit Mutex(
      int kind, void (*refine)(pthread_mutexattr_t*) = [](pthread_mutexattr_t*) {}) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, kind);
    refine(&attributes);
    pthread_mutex_init(&real, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;
  ~Mutex() { pthread_mutex_destroy(&real); }

  int lock() { return pthread_mutex_lock(&real); }
  int try_lock() { return pthread_mutex_trylock(&real); }
  int unlock() { return pthread_mutex_unlock(&real); }

  int lock_within(std::chrono::nanoseconds time, clockid_t clock = CLOCK_REALTIME) {
    const timespec moment = later(clock, time);
    return clock == CLOCK_REALTIME ? pthread_mutex_timedlock(&real, &moment)
                                   : pthread_mutex_clocklock(&real, clock, &moment);
  }

  pthread_mutex_t real;
};

struct Condition {
  explicit Condition(clockid_t clock, int shared = PTHREAD_PROCESS_PRIVATE) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, clock);
    pthread_condattr_setpshared(&attributes, shared);
    pthread_cond_init(&real, &attributes);
    pthread_condattr_destroy(&attributes);
  }
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;
  ~Condition() { pthread_cond_destroy(&real); }

  pthread_cond_t real;
};

struct Semaphore {
  explicit Semaphore(unsigned value, int shared = 0) { sem_init(&real, shared, value); }
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;
  ~Semaphore() { sem_destroy(&real); }

  sem_t real;
};

}  // namespace flux::tests
