#include <doctest/doctest.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "fibers.hpp"
#include "locks.hpp"

namespace flux::tests {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

TEST_SUITE("locks for readers and writers") {
  TEST_CASE("readers read together, a writer writes alone") {
    std::shared_mutex lock;
    int readers = 0;
    int most = 0;
    int writers = 0;
    const auto read = [&] {
      const std::shared_lock locked{lock};
      most = std::max(most, ++readers);
      CHECK(writers == 0);
      usleep(100);
      --readers;
    };
    const auto write = [&] {
      const std::scoped_lock locked{lock};
      CHECK(++writers == 1);
      CHECK(readers == 0);
      usleep(100);
      --writers;
    };
    run_fibers({read, read, write, read, write, read, write});
    CHECK(most >= 2);
  }

  TEST_CASE("readers that wait for a writer enter together") {
    std::shared_mutex lock;
    int readers = 0;
    Bodies bodies = many(5, [&] {
      const std::shared_lock locked{lock};
      ++readers;
      while (readers < 5) {
        usleep(10);
      }
    });
    bodies.insert(bodies.begin(), [&] {
      const std::scoped_lock locked{lock};
      usleep(100);
    });
    run_fibers(bodies);
    CHECK(readers == 5);
  }

  TEST_CASE("who reads may read once more while a writer waits") {
    std::shared_mutex lock;
    run_fibers({[&] {
                  const std::shared_lock first{lock};
                  usleep(5000);
                  const std::shared_lock second{lock};
                },
                [&] { const std::scoped_lock locked{lock}; },
                [&] {
                  for (int turn = 0; turn < 20; ++turn) {
                    usleep(100);
                    const std::shared_lock locked{lock};
                  }
                }});
  }

  TEST_CASE("who writes already is refused, on a fiber as on a thread") {
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    const auto ask = [&] {
      const timespec soon{0, 0};
      CHECK(pthread_rwlock_wrlock(&lock) == 0);
      CHECK(pthread_rwlock_wrlock(&lock) == EDEADLK);
      CHECK(pthread_rwlock_rdlock(&lock) == EDEADLK);
      CHECK(pthread_rwlock_timedwrlock(&lock, &soon) == EDEADLK);
      CHECK(pthread_rwlock_trywrlock(&lock) == EBUSY);
      CHECK(pthread_rwlock_unlock(&lock) == 0);
      CHECK(pthread_rwlock_trywrlock(&lock) == 0);
      CHECK(pthread_rwlock_wrlock(&lock) == EDEADLK);
      CHECK(pthread_rwlock_unlock(&lock) == 0);
      CHECK(pthread_rwlock_rdlock(&lock) == 0);
      CHECK(pthread_rwlock_rdlock(&lock) == 0);
      CHECK(pthread_rwlock_unlock(&lock) == 0);
      CHECK(pthread_rwlock_unlock(&lock) == 0);
    };
    std::thread{ask}.join();
    run_fibers({ask});
  }

  TEST_CASE("who writes is told from others of the loop that wait") {
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    int inside = 0;
    const auto write = [&] {
      CHECK(pthread_rwlock_wrlock(&lock) == 0);
      CHECK(++inside == 1);
      usleep(1000);
      CHECK(pthread_rwlock_rdlock(&lock) == EDEADLK);
      --inside;
      CHECK(pthread_rwlock_unlock(&lock) == 0);
    };
    run_fibers({write, write, write});
  }

  TEST_CASE("a fiber gives up a lock when its time has come") {
    std::shared_timed_mutex lock;
    std::atomic<bool> is_over{false};
    run_fibers({[&] {
                  const std::scoped_lock locked{lock};
                  until(is_over);
                },
                [&] {
                  const auto start = Clock::now();
                  CHECK(!lock.try_lock());
                  CHECK(!lock.try_lock_shared());
                  CHECK(!lock.try_lock_for(milliseconds{3}));
                  CHECK(!lock.try_lock_shared_for(milliseconds{3}));
                  CHECK(!lock.try_lock_until(std::chrono::system_clock::now() + milliseconds{3}));
                  CHECK(!lock.try_lock_shared_until(Clock::now() + milliseconds{3}));
                  CHECK(Clock::now() - start >= milliseconds{12});
                  is_over = true;
                  CHECK(lock.try_lock_shared_for(std::chrono::minutes{1}));
                  lock.unlock_shared();
                }});
  }

  TEST_CASE("threads and fibers of two loops read and write") {
    std::shared_mutex lock;
    std::size_t count = 0;
    const auto work = [&] {
      for (int turn = 0; turn < 3000; ++turn) {
        if (turn % 3 == 0) {
          const std::scoped_lock locked{lock};
          ++count;
        } else {
          const std::shared_lock locked{lock};
          REQUIRE(count <= 5000);
        }
        if (turn % 20 == 0) {
          sched_yield();
        }
      }
    };
    std::thread thread{work};
    run_fibers_on_loops({many(2, work), many(2, work)});
    thread.join();
    CHECK(count == 5000);
  }
}

}  // namespace flux::tests
