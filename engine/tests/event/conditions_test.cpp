#include <doctest/doctest.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "fibers.hpp"
#include "locks.hpp"

namespace flux::tests {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

TEST_SUITE("conditions") {
  TEST_CASE("a fiber wakes a fiber") {
    std::mutex mutex;
    std::condition_variable condition;
    std::string order;
    run_fibers({[&] {
                  std::unique_lock locked{mutex};
                  condition.wait(locked, [&] { return !order.empty(); });
                  order += " heard";
                },
                [&] {
                  const std::scoped_lock locked{mutex};
                  order += "told";
                  condition.notify_one();
                }});
    CHECK(order == "told heard");
  }

  TEST_CASE("one signal wakes one, a broadcast all") {
    std::mutex mutex;
    std::condition_variable condition;
    int heard = 0;
    Bodies bodies = many(5, [&] {
      std::unique_lock locked{mutex};
      condition.wait(locked);
      ++heard;
    });
    bodies.push_back([&] {
      condition.notify_one();
      usleep(100);
      CHECK(heard == 1);
      condition.notify_all();
      usleep(100);
      CHECK(heard == 5);
    });
    run_fibers(bodies);
  }

  TEST_CASE("a condition is awaited for some time at most") {
    std::mutex mutex;
    std::condition_variable condition;
    run_fibers({[&] {
      std::unique_lock locked{mutex};
      const auto start = Clock::now();
      CHECK(condition.wait_for(locked, milliseconds{5}) == std::cv_status::timeout);
      CHECK(Clock::now() - start >= milliseconds{5});
      CHECK(condition.wait_until(locked, std::chrono::system_clock::now() + milliseconds{5}) ==
            std::cv_status::timeout);
      CHECK(Clock::now() - start >= milliseconds{10});
      CHECK(!mutex.try_lock());
    }});
    CHECK(mutex.try_lock());
    mutex.unlock();
  }

  TEST_CASE("a condition's own clock is heeded") {
    for (const clockid_t clock : {CLOCK_REALTIME, CLOCK_MONOTONIC}) {
      Condition condition{clock};
      Mutex mutex{PTHREAD_MUTEX_NORMAL};
      run_fibers({[&] {
        const auto start = Clock::now();
        const timespec time = later(clock, milliseconds{3});
        mutex.lock();
        CHECK(pthread_cond_timedwait(&condition.real, &mutex.real, &time) == ETIMEDOUT);
        mutex.unlock();
        CHECK(Clock::now() - start >= milliseconds{3});
        CHECK(Clock::now() - start < std::chrono::seconds{60});
      }});
    }
  }

  TEST_CASE("a moment that is none is refused, and the mutex stays locked") {
    Mutex mutex{PTHREAD_MUTEX_ERRORCHECK};
    Condition condition{CLOCK_REALTIME};
    run_fibers({[&] {
      const timespec none{.tv_sec = 0, .tv_nsec = 1'000'000'000};
      mutex.lock();
      CHECK(pthread_cond_timedwait(&condition.real, &mutex.real, &none) == EINVAL);
      CHECK(mutex.unlock() == 0);
      CHECK(pthread_cond_wait(&condition.real, &mutex.real) == EPERM);
    }});
  }

  TEST_CASE("a recursive mutex is another's while its owner waits for a condition") {
    Mutex mutex{PTHREAD_MUTEX_RECURSIVE};
    Condition condition{CLOCK_REALTIME};
    run_fibers({[&] {
                  mutex.lock();
                  CHECK(pthread_cond_wait(&condition.real, &mutex.real) == 0);
                  CHECK(mutex.unlock() == 0);
                },
                [&] {
                  CHECK(mutex.lock() == 0);
                  pthread_cond_signal(&condition.real);
                  CHECK(mutex.unlock() == 0);
                }});
  }

  TEST_CASE("threads and fibers wake each other") {
    std::mutex mutex;
    std::condition_variable condition;
    int turn = 0;
    const auto play = [&](int self) {
      for (int round = 0; round < 2000; ++round) {
        std::unique_lock locked{mutex};
        condition.wait(locked, [&] { return turn % 3 == self; });
        ++turn;
        condition.notify_all();
      }
    };
    std::thread thread{play, 0};
    run_fibers({[&] { play(1); }, [&] { play(2); }});
    thread.join();
    CHECK(turn == 6000);
  }

  TEST_CASE("a thread that waits for a condition leaves its mutex to fibers") {
    for (int round = 0; round < 300; ++round) {
      std::mutex mutex;
      std::condition_variable condition;
      bool is_done = false;
      std::atomic<bool> is_locked{false};
      std::thread thread{[&] {
        std::unique_lock locked{mutex};
        is_locked = true;
        condition.wait(locked, [&] { return is_done; });
      }};
      until(is_locked);
      run_fibers({[&] {
        const std::scoped_lock locked{mutex};
        is_done = true;
        condition.notify_one();
      }});
      thread.join();
    }
  }

  TEST_CASE("two loops hand over work by a condition") {
    std::mutex mutex;
    std::condition_variable filled;
    std::condition_variable emptied;
    int stored = 0;
    int taken = 0;
    const auto give = [&] {
      for (int item = 0; item < 10'000; ++item) {
        std::unique_lock locked{mutex};
        emptied.wait(locked, [&] { return stored < 2; });
        ++stored;
        filled.notify_one();
      }
    };
    const auto take = [&] {
      for (int item = 0; item < 10'000; ++item) {
        std::unique_lock locked{mutex};
        REQUIRE(filled.wait_for(locked, std::chrono::seconds{20}, [&] { return stored > 0; }));
        --stored;
        ++taken;
        emptied.notify_one();
      }
    };
    run_fibers_on_loops({{give, take}, {take, give}});
    CHECK(taken == 20'000);
  }

  TEST_CASE("a thread that is cancelled has its mutex again, and leaves the queue") {
    struct Shared {
      std::mutex mutex{};
      std::condition_variable condition{};
      std::atomic<bool> is_locked{false};
      bool had_mutex = false;
    } shared;
    struct AtEnd {
      Shared& shared;
      ~AtEnd() {
        shared.had_mutex = !shared.mutex.try_lock();
        shared.mutex.unlock();
      }
    };
    pthread_t thread;
    const auto wait = [](void* argument) -> void* {
      auto& [mutex, condition, is_locked, had_mutex] = *static_cast<Shared*>(argument);
      pthread_mutex_lock(mutex.native_handle());
      const AtEnd at_end{*static_cast<Shared*>(argument)};
      is_locked = true;
      while (true) {
        pthread_cond_wait(condition.native_handle(), mutex.native_handle());
      }
    };
    pthread_create(&thread, nullptr, wait, &shared);
    until(shared.is_locked);
    { const std::scoped_lock it_waits{shared.mutex}; }
    pthread_cancel(thread);
    void* value = nullptr;
    pthread_join(thread, &value);
    CHECK(value == PTHREAD_CANCELED);
    CHECK(shared.had_mutex);
    shared.condition.notify_one();
  }

  TEST_CASE("a fiber that waits for a condition that processes share looks again and again") {
    Condition condition{CLOCK_MONOTONIC, PTHREAD_PROCESS_SHARED};
    Mutex mutex{PTHREAD_MUTEX_NORMAL};
    run_fibers({[&] {
      const timespec time = later(CLOCK_MONOTONIC, milliseconds{20});
      mutex.lock();
      int turns = 0;
      while (pthread_cond_timedwait(&condition.real, &mutex.real, &time) == 0) {
        ++turns;
      }
      mutex.unlock();
      CHECK(turns > 0);
    }});
  }
}

}  // namespace flux::tests
