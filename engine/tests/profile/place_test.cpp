#include "profile/place.hpp"

#include <doctest/doctest.h>

using flux::profile::Place;

TEST_CASE("each worker's profile has an address of its own") {
  CHECK(Place::parse("127.0.0.1:9100").of_worker(2).port == 9102);
  CHECK(Place::parse("127.0.0.1:0").of_worker(2).port == 0);
  CHECK(Place::parse("unix:/run/it.sock").of_worker(2).path == "/run/it.sock.2");
}
