// Where a listener may listen, and where it can't.

#include <doctest/doctest.h>

#include <stdexcept>
#include <system_error>
#include <thread>

#include "listening.hpp"

using namespace flux::nodes;
using namespace flux::nodes::testing;

TEST_CASE("a port that doesn't exist is refused") {
  Listener listener;
  SUBCASE("below") { listener.port = -1; }
  SUBCASE("above") { listener.port = 65'536; }
  CHECK_THROWS_AS(listener.open(), std::invalid_argument);
}

TEST_CASE("a port in use is an error") {
  Open listener;
  Listener second;
  second.port = listener.port;
  CHECK_THROWS_AS(second.open(), std::system_error);
}

TEST_CASE("a host that can't be resolved is an error") {
  Listener listener;
  listener.host = "no such host";
  CHECK_THROWS_AS(listener.open(), std::system_error);
}

TEST_CASE("listen opens a listener that nobody opened") {
  Listener listener;
  std::jthread server([&] { echo(listener); });
  listener.open();
  const Client client(listener, "hello");
  CHECK(client.hear(5) == "hello");
  listener.close();
}

TEST_CASE("an address of the other family is a host as any other") {
  Listener listener;
  listener.host = "::1";
  listener.open();
  const Client client(listener, "hello");
  const Connection connection = next(listener);
  CHECK(receive(connection) == "hello");
  CHECK(connection.peer() == client.address());
  CHECK(connection.peer().text() == "[::1]:" + std::to_string(client.address().port()));
}
