// How long it takes a flow to take and give back a constraint that nobody else wants.

#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <flux/hold.hpp>

namespace {

double now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

template <class Work>
void measure(const char* name, Work work) {
  constexpr std::uint64_t rounds = 200'000;
  double best = 1e9;
  for (int repetition = 0; repetition < 50; ++repetition) {
    const double begun = now();
    for (std::uint64_t round = 0; round < rounds; ++round) {
      work(round);
    }
    best = std::min(best, (now() - begun) / rounds);
  }
  std::printf("%-32s %6.1f ns\n", name, best);
}

}  // namespace

int main() {
  flux::Flow flow;
  flux::Constraint cache{"cache"};
  flux::SessionConstraint cart{"cart"};
  measure("writer", [&](std::uint64_t) { const flux::Hold hold{flow, cache.writer()}; });
  measure("reader", [&](std::uint64_t) { const flux::Hold hold{flow, cache.reader()}; });
  measure("session writer", [&](std::uint64_t round) {
    flow.session = round;
    const flux::Hold hold{flow, cart.writer()};
  });
  measure("session reader", [&](std::uint64_t round) {
    flow.session = round;
    const flux::Hold hold{flow, cart.reader()};
  });
}
