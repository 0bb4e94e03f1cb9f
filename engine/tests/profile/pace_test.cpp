#include "profile/pace.hpp"

#include <doctest/doctest.h>

#include <utility>

namespace {

using flux::profile::Pace;

constexpr std::uint64_t second = 1'000'000'000;

void run(Pace& pace, std::uint64_t rate, std::uint64_t flows) {
  for (std::uint64_t each = 0; each < flows; ++each) {
    pace.began(1, second / rate);
  }
}

}  // namespace

TEST_CASE("all flows are timed while they come slowly") {
  Pace pace;
  run(pace, Pace::slow, 10 * Pace::rush);
  CHECK(pace.weight() == 1);
}

TEST_CASE("the flows of a rush are timed") {
  Pace pace;
  run(pace, 8 * Pace::slow, Pace::rush - Pace::block);
  CHECK(pace.weight() == 1);
}

TEST_CASE("of flows that go on coming fast a share is timed, and never less than one in 64") {
  for (const auto& [rate, weight] : {std::pair<std::uint64_t, std::uint64_t>{15'000, 2},
                                     {80'000, 8},
                                     {90'000, 16},
                                     {100'000'000, 64}}) {
    Pace pace;
    run(pace, rate, 2 * Pace::rush);
    CHECK(pace.weight() == weight);
  }
}

TEST_CASE("all flows are timed again once they come slowly, and the next rush is, too") {
  Pace pace;
  run(pace, 8 * Pace::slow, 2 * Pace::rush);
  run(pace, 1, 2);
  CHECK(pace.weight() == 1);
  run(pace, 1, Pace::rush / Pace::slow + 1);
  run(pace, 8 * Pace::slow, Pace::rush - Pace::block);
  CHECK(pace.weight() == 1);
}

TEST_CASE("after a pause as many flows are timed as might have been in it, and no more") {
  Pace pace;
  run(pace, 8 * Pace::slow, 2 * Pace::rush);
  run(pace, 4, 1);
  run(pace, 8 * Pace::slow, Pace::slow / 4 - 2 * Pace::block);
  CHECK(pace.weight() == 1);
  run(pace, 8 * Pace::slow, 4 * Pace::block);
  CHECK(pace.weight() == 8);
}
