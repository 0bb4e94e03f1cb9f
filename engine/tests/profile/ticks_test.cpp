#include "profile/ticks.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using flux::profile::cpu_between;
using flux::profile::thread_cpu;

namespace {

std::uint64_t median(std::vector<std::uint64_t> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

TEST_SUITE("clocks of profiles") {
  TEST_CASE("looking at the processor's clock is not what a thread is told to have used") {
    std::vector<std::uint64_t> looking;
    std::vector<std::uint64_t> used;
    for (int times = 0; times < 1001; ++times) {
      const std::uint64_t before = thread_cpu();
      const std::uint64_t after = thread_cpu();
      looking.push_back(after - before);
      used.push_back(cpu_between(before, after));
    }
    CHECK(median(used) < median(looking));
  }
}
