// A listener that finishes: no client that has spoken goes unheard.

#include <doctest/doctest.h>
#include <flux/flux.h>

#include <thread>
#include <vector>

#include "../event/fibers.hpp"
#include "asleep.hpp"
#include "client.hpp"

using namespace flux::nodes;
using namespace flux::nodes::testing;

namespace {

// Listen until somebody has come.
Connection called(Listener& listener) {
  Connection next;
  REQUIRE(listener.listen(&next) == 0);
  return next;
}

// The same, and read what he has said.
Connection heard(Listener& listener) {
  Connection next = called(listener);
  receive(next);
  return next;
}

bool is_refused(const Address& address) {
  const int socket = ::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int connected = ::connect(socket, address.data(), address.size());
  const int error = errno;
  ::close(socket);
  return connected != 0 && error == ECONNREFUSED;
}

bool has_ended(Listener& listener) {
  Connection next;
  return listener.listen(&next) == FLUX_END;
}

}  // namespace

TEST_CASE("clients that have spoken before the listener finishes are called") {
  Listener listener;
  listener.open();
  std::vector<Client> clients;
  for (int count = 0; count < 100; ++count) clients.emplace_back(listener, "hello");
  listener.finish();
  for (int count = 0; count < 100; ++count) called(listener).close();
  CHECK(has_ended(listener));
}

TEST_CASE("clients that are silent when the listener finishes are closed") {
  Listener listener;
  listener.open();
  const Client speaking(listener, "hello");
  const Client silent(listener);
  const Connection connection = called(listener);
  listener.finish();
  Sleeper source([&] { CHECK(has_ended(listener)); });
  CHECK(silent.hear_all().empty());
  connection.close();
  source.join();
}

TEST_CASE("a connection in use comes back once more if its client has spoken meanwhile") {
  Listener listener;
  listener.open();
  const Client client(listener, "one");
  Connection connection = heard(listener);
  listener.finish();
  SUBCASE("it has") {
    client.say("two");
    listener.keep(std::move(connection));
    called(listener).close();
  }
  SUBCASE("it hasn't") { listener.keep(std::move(connection)); }
  CHECK(has_ended(listener));
}

TEST_CASE("who has spoken is called, though the fiber's loop hasn't heard of it") {
  const auto speak_and_finish = [] {
    Listener listener;
    listener.open();
    const Client client(listener, "one");
    listener.keep(heard(listener));
    client.say("two");
    listener.finish();
    called(listener).close();
    CHECK(has_ended(listener));
  };
  std::jthread([&] { flux::tests::run_fibers({speak_and_finish}); });  // the loop ends with it
}

TEST_CASE("on a fiber, too, a client that is silent isn't called") {
  const auto call_who_speaks = [] {
    Listener listener;
    listener.open();
    const Client silent(listener);
    const Client speaking(listener, "hello");
    CHECK(receive(called(listener)) == "hello");
    CHECK(listener.idle_count() == 1);
    listener.close();
  };
  std::jthread([&] { flux::tests::run_fibers({call_who_speaks}); });
}

TEST_CASE("the source of a listener that finishes waits for connections in use") {
  Listener listener;
  listener.open();
  const Client client(listener, "one");
  const Connection connection = called(listener);
  Sleeper source([&] { CHECK(has_ended(listener)); });
  source.wait_until_asleep();
  listener.finish();
  connection.abort();
  source.join();
  CHECK(client.sees_the_end());
}

TEST_CASE("a listener that finishes takes no new clients") {
  Listener listener;
  listener.open();
  const Address address(listener.host, listener.port);
  listener.finish();
  CHECK(listener.closed());
  CHECK(has_ended(listener));
  CHECK(is_refused(address));
}
