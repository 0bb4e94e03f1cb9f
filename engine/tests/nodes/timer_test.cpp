#include "flux/nodes/timer.hpp"

#include <doctest/doctest.h>
#include <flux/flux.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "asleep.hpp"

using namespace flux::nodes;
using namespace flux::nodes::testing;
using namespace std::chrono_literals;

TEST_CASE("ticks come one after the other, none before its time") {
  Timer timer(1ms);
  const auto start = Clock::now();
  std::uint64_t last = 0;
  for (int count = 0; count < 20; ++count) {
    std::uint64_t number = 0;
    CHECK(timer.tick(&number) == 0);
    CHECK(number > last);
    CHECK(Clock::now() - start >= number * 1ms);
    last = number;
  }
  CHECK(timer.missed() == last - 20);
}

TEST_CASE("late ticks don't move the later ones") {
  Timer timer(1ms);
  std::uint64_t number = 0;
  timer.tick(&number);
  const auto late = Clock::now() + 10ms;
  while (Clock::now() < late) continue;
  const std::uint64_t before = number;
  timer.tick(&number);
  CHECK(number >= before + 10);
  CHECK(timer.missed() >= 9);
  const auto caught_up = number;
  timer.tick(&number);
  CHECK(number > caught_up);
}

TEST_CASE("closing a timer ends a waiting tick and all later ones") {
  Timer timer(1h);
  std::uint64_t number = 0;
  int ended = 0;
  Sleeper source([&] { ended = timer.tick(&number); });
  source.wait_until_asleep();
  timer.interrupt();
  source.join();
  CHECK(ended == FLUX_END);
  CHECK(timer.closed());
  CHECK(timer.tick(&number) == FLUX_END);
  CHECK(number == 0);
}

TEST_CASE("a timer that is closed at once never ticks") {
  Timer timer(1ns);
  timer.close();
  timer.close();
  std::uint64_t number = 0;
  CHECK(timer.tick(&number) == FLUX_END);
}

TEST_CASE("two sources share the ticks of a timer") {
  Timer timer(100us);
  std::vector<std::uint64_t> ticks[2];
  {
    auto take = [&](auto& taken) {
      std::uint64_t number = 0;
      while (taken.size() < 50 && timer.tick(&number) == 0) taken.push_back(number);
    };
    std::jthread one([&] { take(ticks[0]); });
    std::jthread other([&] { take(ticks[1]); });
  }
  const auto last = std::max(ticks[0].back(), ticks[1].back());
  CHECK(ticks[0].size() + ticks[1].size() + timer.missed() == last);
}

TEST_CASE("an interval that isn't positive is refused") {
  CHECK_THROWS_AS(Timer(0s), std::invalid_argument);
  CHECK_THROWS_AS(Timer(-1s), std::invalid_argument);
}
