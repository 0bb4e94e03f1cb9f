#include "ticks.hpp"

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <thread>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace flux::profile {

namespace {

constexpr std::uint64_t enough = 5'000'000;  // ns: then a factor is right within a 100,000th

std::uint64_t read(clockid_t clock) noexcept {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

// The least of many: whatever else comes between two looks only adds to it.
std::uint64_t cost_of_cpu_clock() noexcept {
  std::uint64_t least = enough;
  std::uint64_t before = read(CLOCK_THREAD_CPUTIME_ID);
  for (int times = 0; times < 100; ++times) {
    const std::uint64_t now = read(CLOCK_THREAD_CPUTIME_ID);
    least = std::min(least, between(before, now));
    before = now;
  }
  return least;
}

#if defined(__x86_64__)

// The kernel has tried it for as long as the machine runs, on all processors.
bool kernel_trusts_counter() noexcept {
  char name[16] = "";
  std::FILE* const file =
      std::fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");
  if (file != nullptr) {
    const bool has_read = std::fgets(name, sizeof name, file) != nullptr;
    std::fclose(file);
    return has_read && std::strcmp(name, "tsc\n") == 0;
  }
  return false;
}

const bool is_steady = kernel_trusts_counter();

#endif

}  // namespace

std::uint64_t ticks() noexcept {
#if defined(__x86_64__)
  return is_steady ? __rdtsc() : steady();
#elif defined(__aarch64__)
  std::uint64_t count;
  asm volatile("mrs %0, cntvct_el0" : "=r"(count));
  return count;
#else
  return steady();
#endif
}

TickLength::TickLength() noexcept : ticks_{ticks()}, nanoseconds_{steady()} {}

void TickLength::settle() noexcept {
  if (factor_ != 0) {
    return;
  }
  std::uint64_t passed = between(nanoseconds_, steady());
  if (passed < enough) {
    std::this_thread::sleep_for(std::chrono::nanoseconds{enough - passed});
  }
  const std::uint64_t counted = between(ticks_, ticks());
  passed = between(nanoseconds_, steady());
  const double length = static_cast<double>(passed) / static_cast<double>(counted);
  factor_ = static_cast<std::uint64_t>(length * static_cast<double>(1ULL << fraction_bits) + 0.5);
}

std::uint64_t thread_cpu() noexcept { return read(CLOCK_THREAD_CPUTIME_ID); }

std::uint64_t cpu_between(std::uint64_t earlier, std::uint64_t later) noexcept {
  static const std::uint64_t cost = cost_of_cpu_clock();
  return between(earlier + cost, later);
}

std::uint64_t process_cpu() noexcept { return read(CLOCK_PROCESS_CPUTIME_ID); }

std::uint64_t steady() noexcept { return read(CLOCK_MONOTONIC); }

}  // namespace flux::profile
