// For how long processors stood still: a thread on each of them wakes up every so often, and tells
// how late it was at most. With a real-time priority above all others it is late only if the
// system, or the one under it, let nobody run. It ends with its standard input.
//
// Arguments: the first processor, and how many.

#include <pthread.h>
#include <sched.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto between = std::chrono::milliseconds{4};

std::atomic<bool> is_over{false};

void stay_on(int processor) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(processor), &one);
  ::pthread_setaffinity_np(::pthread_self(), sizeof one, &one);
}

void watch(int processor, Clock::duration& longest) {
  stay_on(processor);
  while (!is_over) {
    const auto due = Clock::now() + between;
    std::this_thread::sleep_until(due);
    longest = std::max(longest, Clock::now() - due);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int first = std::atoi(argv[1]);
  std::vector<Clock::duration> longest(static_cast<std::size_t>(std::atoi(argv[2])));
  std::vector<std::thread> threads;
  for (std::size_t n = 0; n < longest.size(); ++n) {
    threads.emplace_back(watch, first + static_cast<int>(n), std::ref(longest[n]));
  }
  char byte;
  while (std::fread(&byte, 1, 1, stdin) > 0) continue;
  is_over = true;
  for (auto& thread : threads) thread.join();
  const auto most = *std::max_element(longest.begin(), longest.end());
  std::printf("%.6f\n", std::chrono::duration<double>{most}.count());
}
