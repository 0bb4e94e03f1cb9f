// Closed connections whose patience is short.

#include <doctest/doctest.h>

#include <memory>
#include <thread>

#include "../../src/nodes/tcp_reception.hpp"
#include "asleep.hpp"
#include "client.hpp"

using namespace flux::nodes;
using namespace flux::nodes::testing;
using namespace std::chrono_literals;

namespace {

struct Impatient {
  Impatient() {
    detail::Entrance entrance(Address("127.0.0.1", 0), 16);
    address = Address::of(entrance.descriptor());
    const detail::Bounds bounds{.connections = 10, .idle = 60s, .call = 30s, .linger = 10ms};
    reception = std::make_shared<detail::Reception>(std::move(entrance), bounds);
  }
  ~Impatient() { reception->close(); }

  Connection call() const {
    Connection next;
    reception->call(&next);
    return next;
  }

  Address address;
  std::shared_ptr<detail::Reception> reception;
};

}  // namespace

TEST_CASE("a client that never closes is cut off, though lingering began during a wait") {
  const Impatient server;
  const Client client(server.address);
  client.say("hello");
  const Connection connection = server.call();
  Sleeper source([&] { server.call(); });
  source.wait_until_asleep();
  connection.close();
  while (server.reception->open_count() != 0) std::this_thread::yield();
  server.reception->close();
  source.join();
}

TEST_CASE("a lingering client that speaks when its patience has ended is let go once") {
  const Impatient server;
  const Client client(server.address);
  client.say("hello");
  server.call().close();
  const auto ended = Clock::now() + 11ms;
  SUBCASE("speaking") { client.say("more"); }
  SUBCASE("finishing") { client.shut_down(); }
  while (Clock::now() < ended) std::this_thread::yield();
  const Client other(server.address);
  other.say("other");
  CHECK(receive(server.call()) == "other");
  CHECK(server.reception->open_count() == 0);
}
