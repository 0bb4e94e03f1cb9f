#include "workers/restarts.hpp"

#include <doctest/doctest.h>

using flux::workers::Restarts;
using Milliseconds = Restarts::Milliseconds;

TEST_CASE("the first death of a worker costs no time, and each further one more") {
  Restarts restarts;
  for (const int delay : {0, 100, 200, 400, 800, 1600, 2000, 2000}) {
    CHECK(restarts.delay(Milliseconds{0}) == Milliseconds{delay});
  }
}

TEST_CASE("a worker is not restarted for ever") {
  Restarts restarts;
  for (int each = 0; each < Restarts::most; ++each) {
    CHECK(restarts.delay(Milliseconds{9999}));
  }
  CHECK_FALSE(restarts.delay(Milliseconds{9999}));
}

TEST_CASE("a worker that has served for long may die as often as it likes") {
  Restarts restarts;
  for (int each = 0; each < 2 * Restarts::most; ++each) {
    CHECK(restarts.delay(Restarts::steady) == Milliseconds{0});
  }
  CHECK(restarts.delay(Milliseconds{0}) == Restarts::first_delay);
}
