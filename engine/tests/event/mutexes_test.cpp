#include <doctest/doctest.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "event/loop.hpp"
#include "fibers.hpp"
#include "locks.hpp"

namespace flux::tests {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

// Enter and leave five times; whether nobody else was inside meanwhile, though it waits there.
template <class Lock>
bool excludes(Lock& lock, std::size_t fibers) {
  int inside = 0;
  bool alone = true;
  run_fibers(many(fibers, [&] {
    for (int turn = 0; turn < 5; ++turn) {
      lock.lock();
      alone = alone && ++inside == 1;
      usleep(20);
      --inside;
      lock.unlock();
    }
  }));
  return alone;
}

}  // namespace

TEST_SUITE("mutexes") {
  TEST_CASE("a mutex excludes fibers while its owner waits") {
    Mutex normal{PTHREAD_MUTEX_NORMAL};
    Mutex adaptive{PTHREAD_MUTEX_ADAPTIVE_NP};
    std::mutex standard;
    CHECK(excludes(normal, 10));
    CHECK(excludes(adaptive, 10));
    CHECK(excludes(standard, 10));
  }

  TEST_CASE("a mutex that knows its owner excludes fibers of the same thread") {
    Mutex recursive{PTHREAD_MUTEX_RECURSIVE};
    Mutex checking{PTHREAD_MUTEX_ERRORCHECK};
    std::recursive_mutex standard;
    CHECK(excludes(recursive, 10));
    CHECK(excludes(checking, 10));
    CHECK(excludes(standard, 10));
  }

  TEST_CASE("a robust, an inheriting and a shared mutex exclude fibers") {
    Mutex robust{PTHREAD_MUTEX_NORMAL, [](pthread_mutexattr_t* kind) {
                   pthread_mutexattr_setrobust(kind, PTHREAD_MUTEX_ROBUST);
                 }};
    Mutex inheriting{PTHREAD_MUTEX_NORMAL, [](pthread_mutexattr_t* kind) {
                       pthread_mutexattr_setprotocol(kind, PTHREAD_PRIO_INHERIT);
                     }};
    Mutex shared{PTHREAD_MUTEX_RECURSIVE, [](pthread_mutexattr_t* kind) {
                   pthread_mutexattr_setpshared(kind, PTHREAD_PROCESS_SHARED);
                 }};
    CHECK(excludes(robust, 5));
    CHECK(excludes(inheriting, 5));
    CHECK(excludes(shared, 5));
  }

  TEST_CASE("a fiber gets the mutex that another unlocks and locks again at once") {
    std::mutex mutex;
    bool is_over = false;
    int turns = 0;
    run_fibers({[&] {
                  for (; !is_over && turns < 1000; ++turns) {
                    const std::scoped_lock locked{mutex};
                    usleep(100);
                  }
                },
                [&] {
                  const std::scoped_lock locked{mutex};
                  is_over = true;
                }});
    CHECK(turns < 1000);
  }

  TEST_CASE("fibers that wait get the mutex in the order in which they came") {
    std::mutex mutex;
    std::string order;
    Bodies bodies{[&] {
      const std::scoped_lock locked{mutex};
      usleep(1000);
    }};
    for (const char name : {'a', 'b', 'c', 'd'}) {
      bodies.push_back([&mutex, &order, name] {
        const std::scoped_lock locked{mutex};
        order += name;
      });
    }
    run_fibers(bodies);
    CHECK(order == "abcd");
  }

  TEST_CASE("a recursive mutex is free when it was unlocked as often as it was locked") {
    Mutex mutex{PTHREAD_MUTEX_RECURSIVE};
    std::string order;
    run_fibers({[&] {
                  mutex.lock();
                  mutex.lock();
                  CHECK(mutex.try_lock() == 0);
                  mutex.unlock();
                  mutex.unlock();
                  usleep(500);
                  order += "first";
                  mutex.unlock();
                },
                [&] {
                  CHECK(mutex.try_lock() == EBUSY);
                  mutex.lock();
                  order += " second";
                  mutex.unlock();
                }});
    CHECK(order == "first second");
  }

  TEST_CASE("a checking mutex tells its owner that he has it") {
    Mutex mutex{PTHREAD_MUTEX_ERRORCHECK};
    run_fibers({[&] {
      CHECK(mutex.lock() == 0);
      CHECK(mutex.lock() == EDEADLK);
      CHECK(mutex.lock_within(milliseconds{1}) == EDEADLK);
      CHECK(mutex.try_lock() == EBUSY);
      CHECK(mutex.unlock() == 0);
      CHECK(mutex.unlock() == EPERM);
    }});
  }

  TEST_CASE("only its owner unlocks a mutex that knows its owner") {
    for (const int kind : {PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_RECURSIVE}) {
      Mutex mutex{kind};
      run_fibers({[&] {
                    CHECK(mutex.lock() == 0);
                    usleep(500);
                    CHECK(mutex.unlock() == 0);
                  },
                  [&] { CHECK(mutex.unlock() == EPERM); }});
    }
  }

  TEST_CASE("a loop's fiber can't unlock what another loop's owns") {
    Mutex mutex{PTHREAD_MUTEX_RECURSIVE};
    std::atomic<bool> is_locked{false};
    std::atomic<bool> is_over{false};
    run_fibers_on_loops({{[&] {
                           mutex.lock();
                           is_locked = true;
                           until(is_over);
                           CHECK(mutex.unlock() == 0);
                         }},
                         {[&] {
                           until(is_locked);
                           CHECK(mutex.unlock() == EPERM);
                           CHECK(mutex.try_lock() == EBUSY);
                           is_over = true;
                         }}});
  }

  TEST_CASE("fibers may own many mutexes that know their owner") {
    std::vector<std::recursive_mutex> mutexes(300);
    Bodies bodies;
    std::atomic<std::size_t> owned{0};
    for (auto& mutex : mutexes) {
      bodies.push_back([&] {
        const std::scoped_lock locked{mutex};
        const std::scoped_lock again{mutex};
        ++owned;
        usleep(1000);
      });
    }
    run_fibers(bodies);
    CHECK(owned == 300);
    CHECK(mutexes[7].try_lock());
    mutexes[7].unlock();
  }

  TEST_CASE("a fiber gives up a mutex when its time has come") {
    for (const int kind : {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE}) {
      Mutex mutex{kind};
      std::atomic<bool> is_over{false};
      run_fibers({[&] {
                    mutex.lock();
                    until(is_over);
                    mutex.unlock();
                  },
                  [&] {
                    const auto start = Clock::now();
                    CHECK(mutex.lock_within(milliseconds{5}) == ETIMEDOUT);
                    CHECK(Clock::now() - start >= milliseconds{5});
                    CHECK(mutex.lock_within(milliseconds{5}, CLOCK_MONOTONIC) == ETIMEDOUT);
                    CHECK(Clock::now() - start >= milliseconds{10});
                    CHECK(mutex.lock_within(milliseconds{-1}) == ETIMEDOUT);
                    is_over = true;
                    CHECK(mutex.lock_within(std::chrono::minutes{1}) == 0);
                    mutex.unlock();
                  }});
    }
  }

  TEST_CASE("who gives up leaves the mutex to the next") {
    std::timed_mutex mutex;
    std::atomic<bool> is_over{false};
    bool is_entered = false;
    run_fibers({[&] {
                  mutex.lock();
                  until(is_over);
                  mutex.unlock();
                },
                [&] {
                  CHECK(!mutex.try_lock_for(milliseconds{2}));
                  is_over = true;
                },
                [&] {
                  mutex.lock();
                  is_entered = true;
                  mutex.unlock();
                }});
    CHECK(is_entered);
  }

  TEST_CASE("a wait that timed out leaves no wake-up for the next one") {
    std::timed_mutex mutex;
    int late = 0;
    run_fibers(many(20, [&] {
      for (int turn = 0; turn < 50; ++turn) {
        if (mutex.try_lock_for(std::chrono::microseconds{turn * 3})) {
          usleep(10);
          mutex.unlock();
        } else {
          ++late;
        }
        REQUIRE(!event::Loop::fiber()->park_until(Clock::now()));
      }
    }));
    CHECK(late > 0);
  }

  TEST_CASE("what a fiber waits for can be told") {
    std::mutex mutex;
    event::Fiber* waiting = nullptr;
    run_fibers({[&] {
                  const std::scoped_lock locked{mutex};
                  usleep(500);
                  CHECK(waiting->awaited.what == std::string{"pthread_mutex_lock"});
                },
                [&] {
                  waiting = event::Loop::fiber();
                  const std::scoped_lock locked{mutex};
                  CHECK(waiting->awaited.what == nullptr);
                }});
  }

  TEST_CASE("thousands of fibers wait for one mutex") {
    std::mutex mutex;
    std::size_t count = 0;
    Bodies bodies = many(crowd, [&] {
      const std::scoped_lock locked{mutex};
      ++count;
    });
    bodies.front() = [&] {
      const std::scoped_lock locked{mutex};
      usleep(1000);
      ++count;
    };
    run_fibers(bodies);
    CHECK(count == crowd);
  }

  TEST_CASE("threads and fibers exclude each other") {
    Mutex recursive{PTHREAD_MUTEX_RECURSIVE};
    std::mutex normal;
    std::size_t count = 0;
    const auto work = [&] {
      for (int turn = 0; turn < 2000; ++turn) {
        const std::scoped_lock locked{normal};
        recursive.lock();
        ++count;
        recursive.unlock();
        if (turn % 100 == 0) {
          usleep(1);
        }
      }
    };
    std::thread thread{work};
    std::thread other{work};
    run_fibers(many(4, work));
    thread.join();
    other.join();
    CHECK(count == 12'000);
  }

  TEST_CASE("a fiber gets the mutex that a thread unlocks") {
    std::mutex mutex;
    std::atomic<bool> is_waiting{false};
    std::atomic<bool> is_locked{false};
    std::thread thread{[&] {
      const std::scoped_lock locked{mutex};
      is_locked = true;
      until(is_waiting);
    }};
    until(is_locked);
    run_fibers({[&] { const std::scoped_lock locked{mutex}; }, [&] { is_waiting = true; }});
    thread.join();
  }

  TEST_CASE("no wake-up is lost between two loops") {
    for (const int kind : {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE}) {
      Mutex mutex{kind};
      std::size_t count = 0;
      const auto work = [&] {
        for (int turn = 0; turn < 25'000; ++turn) {
          mutex.lock();
          ++count;
          if (turn % 16 == 0) {
            sched_yield();
          }
          mutex.unlock();
        }
      };
      run_fibers_on_loops({many(2, work), many(2, work)});
      CHECK(count == 100'000);
    }
  }
}

}  // namespace flux::tests
