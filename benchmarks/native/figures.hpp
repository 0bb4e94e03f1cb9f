// What one round has measured: nanoseconds by name, in the order of the table.

#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

using Figures = std::vector<std::pair<std::string, double>>;

// What this thread has used of a processor: what others use meanwhile isn't in it.
struct ThreadClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<ThreadClock>;
  static constexpr bool is_steady = true;

  static time_point now() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time_point{std::chrono::seconds{time.tv_sec} + duration{time.tv_nsec}};
  }
};

// Nanoseconds for each of so many.
template <class Clock>
double share(std::chrono::time_point<Clock> start, std::int64_t count) {
  const std::chrono::duration<double, std::nano> time = Clock::now() - start;
  return time.count() / static_cast<double>(count);
}

// The time of one call, out of so many. The function is one that the compiler knows nothing about.
template <class Function, class... Values>
double nanoseconds(std::int64_t times, Function* function, const Values&... values) {
  asm volatile("" : "+r"(function));
  const auto start = ThreadClock::now();
  for (std::int64_t i = 0; i < times; ++i) static_cast<void>(function(values...));
  return share(start, times);
}

Figures overhead();
Figures locks();
Figures runtimes();
Figures fibers();
