// For how long processors stood still, and how fast they were: a thread on each of them wakes up
// every so often, tells how late it was at most, and how long the same work takes it. With a
// real-time priority above all others it is late only if the system, or the one under it, let
// nobody run; and its work takes longer only if the processor is slower, as where another virtual
// machine computes on the same core. It ends with its standard input.
//
// Arguments: the first processor, and how many. It prints, in seconds, the longest time that one
// stood still, the mean of what the work took, and the processor time that it used itself.

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto between = std::chrono::milliseconds{4};
constexpr int wakes_a_work = 4;
constexpr int rounds = 6;
constexpr std::size_t side = 64;

std::atomic<bool> is_over{false};

// Sums like those of a picture's compression, in the first-level cache: some 50 us.
class Work {
 public:
  void operator()() {
    int sum = 0;
    for (int round = 0; round < rounds; ++round) {
      for (std::size_t y = 1; y < side; ++y) {
        for (std::size_t x = 1; x < side; ++x) sum += mixed(y, x);
      }
    }
    sum_ = sum;
  }

 private:
  int mixed(std::size_t y, std::size_t x) {
    const int value = pixels_[y][x] * 181 + pixels_[y - 1][x] * 59 - pixels_[y][x - 1] * 97 + 5;
    pixels_[y][x] = static_cast<short>(value >> 7);
    return value & 1 ? value : -value;
  }

  short pixels_[side][side] = {};
  volatile int sum_ = 0;  // so that nothing is left out
};

struct Seen {
  Clock::duration longest{};
  Clock::duration worked{};
  int works = 0;
};

void stay_on(int processor) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(processor), &one);
  ::pthread_setaffinity_np(::pthread_self(), sizeof one, &one);
}

void watch(int processor, Seen& seen) {
  stay_on(processor);
  Work work;
  for (int wakes = 1; !is_over; ++wakes) {
    const auto due = Clock::now() + between;
    std::this_thread::sleep_until(due);
    const auto awake = Clock::now();
    seen.longest = std::max(seen.longest, awake - due);
    if (wakes % wakes_a_work != 0) continue;
    work();
    seen.worked += Clock::now() - awake;
    ++seen.works;
  }
}

Seen together(const std::vector<Seen>& seen) {
  Seen all;
  for (const auto& each : seen) {
    all.longest = std::max(all.longest, each.longest);
    all.worked += each.worked;
    all.works += each.works;
  }
  return all;
}

double seconds(Clock::duration time) { return std::chrono::duration<double>{time}.count(); }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int first = std::atoi(argv[1]);
  std::vector<Seen> seen(static_cast<std::size_t>(std::atoi(argv[2])));
  std::vector<std::thread> threads;
  for (std::size_t n = 0; n < seen.size(); ++n) {
    threads.emplace_back(watch, first + static_cast<int>(n), std::ref(seen[n]));
  }
  char byte;
  while (std::fread(&byte, 1, 1, stdin) > 0) continue;
  is_over = true;
  for (auto& thread : threads) thread.join();
  const Seen all = together(seen);
  const auto own = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  std::printf("%.9f %.9f %.6f\n", seconds(all.longest),
              seconds(all.worked) / std::max(1, all.works), own);
}
