#include <doctest/doctest.h>
#include <semaphore.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <string>
#include <thread>

#include "fibers.hpp"
#include "locks.hpp"

namespace flux::tests {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

TEST_SUITE("semaphores") {
  TEST_CASE("a fiber waits until another posts") {
    Semaphore semaphore{0};
    std::string order;
    run_fibers({[&] {
                  CHECK(sem_wait(&semaphore.real) == 0);
                  order += " taken";
                },
                [&] {
                  CHECK(sem_trywait(&semaphore.real) == -1);
                  CHECK(errno == EAGAIN);
                  order += "posted";
                  sem_post(&semaphore.real);
                }});
    CHECK(order == "posted taken");
  }

  TEST_CASE("each post lets one in") {
    Semaphore semaphore{0};
    int taken = 0;
    Bodies bodies = many(10, [&] {
      sem_wait(&semaphore.real);
      ++taken;
    });
    bodies.push_back([&] {
      for (int post = 0; post < 6; ++post) {
        sem_post(&semaphore.real);
      }
      usleep(100);
      CHECK(taken == 6);
      for (int post = 0; post < 4; ++post) {
        sem_post(&semaphore.real);
      }
    });
    run_fibers(bodies);
    CHECK(taken == 10);
  }

  TEST_CASE("a semaphore is awaited for some time at most") {
    Semaphore semaphore{0};
    run_fibers({[&] {
      const auto start = Clock::now();
      timespec time = later(CLOCK_REALTIME, milliseconds{3});
      CHECK(sem_timedwait(&semaphore.real, &time) == -1);
      CHECK(errno == ETIMEDOUT);
      time = later(CLOCK_MONOTONIC, milliseconds{3});
      CHECK(sem_clockwait(&semaphore.real, CLOCK_MONOTONIC, &time) == -1);
      CHECK(errno == ETIMEDOUT);
      CHECK(Clock::now() - start >= milliseconds{6});
    }});
  }

  TEST_CASE("threads and fibers of two loops take what others post") {
    Semaphore one{1};
    Semaphore other{0};
    const auto there = [&] {
      for (int turn = 0; turn < 5000; ++turn) {
        sem_wait(&one.real);
        sem_post(&other.real);
      }
    };
    const auto back = [&] {
      for (int turn = 0; turn < 5000; ++turn) {
        sem_wait(&other.real);
        sem_post(&one.real);
      }
    };
    std::thread thread{there};
    run_fibers_on_loops({{there, back}, {back}});
    thread.join();
    CHECK(sem_trywait(&one.real) == 0);
  }

  TEST_CASE("a semaphore that processes share is asked again and again") {
    Semaphore semaphore{0, 1};
    std::atomic<bool> is_waiting{false};
    std::thread thread{[&] {
      until(is_waiting);
      sem_post(&semaphore.real);
    }};
    run_fibers({[&] { CHECK(sem_wait(&semaphore.real) == 0); }, [&] { is_waiting = true; }});
    thread.join();
  }
}

}  // namespace flux::tests
