#include <doctest/doctest.h>
#include <pthread.h>

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

TEST_SUITE("joining") {
  TEST_CASE("a fiber that joins a thread lets others run") {
    std::atomic<bool> is_over{false};
    std::string order;
    run_fibers({[&] {
                  std::thread thread{[&] { until(is_over); }};
                  thread.join();
                  order += " joined";
                },
                [&] {
                  order += "ran";
                  is_over = true;
                }});
    CHECK(order == "ran joined");
  }

  TEST_CASE("a thread's value is told, and that there is no such thread") {
    run_fibers({[&] {
      pthread_t thread;
      int given = 0;
      pthread_create(
          &thread, nullptr, [](void* value) { return value; }, &given);
      void* value = nullptr;
      CHECK(pthread_join(thread, &value) == 0);
      CHECK(value == &given);
      CHECK(pthread_join(pthread_self(), nullptr) == EDEADLK);
    }});
  }

  TEST_CASE("a thread's end is awaited for some time at most") {
    std::atomic<bool> is_over{false};
    std::thread thread{[&] { until(is_over); }};
    run_fibers({[&] {
      const auto start = Clock::now();
      const timespec time = later(CLOCK_REALTIME, milliseconds{3});
      CHECK(pthread_timedjoin_np(thread.native_handle(), nullptr, &time) == ETIMEDOUT);
      CHECK(Clock::now() - start >= milliseconds{3});
      is_over = true;
    }});
    thread.join();
  }
}

}  // namespace flux::tests
