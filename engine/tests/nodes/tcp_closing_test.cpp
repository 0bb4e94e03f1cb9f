// A listener that is closed, whatever goes on.

#include <doctest/doctest.h>
#include <flux/flux.h>

#include <thread>

#include "asleep.hpp"
#include "listening.hpp"

using namespace flux::nodes;
using namespace flux::nodes::testing;

TEST_CASE("close ends a waiting listen") {
  Open listener;
  int ended = 0;
  Sleeper server([&] {
    Connection connection;
    ended = listener.listen(&connection);
  });
  server.wait_until_asleep();
  listener.interrupt();
  server.join();
  CHECK(ended == FLUX_END);
  CHECK(listener.closed());
}

TEST_CASE("close ends a listen wherever it is") {
  for (int round = 0; round < 200; ++round) {
    Open listener;
    const Client client(listener, "hello");
    std::jthread server([&] { echo(listener); });
    std::jthread other([&] { echo(listener); });
    listener.close();
  }
}

TEST_CASE("close lets idle and ready connections go but not those in use") {
  Open listener;
  const Client used(listener, "used");
  const Connection connection = next(listener);
  receive(connection);
  const Client idle(listener), ready(listener, "ready"), also_ready(listener, "ready");
  const Connection first_ready = next(listener);
  listener.close();
  CHECK(idle.sees_the_end());
  CHECK(listener.open_count() == 2);
  connection.send("bye");
  CHECK(used.hear(3) == "bye");
  listener.keep(connection);
  CHECK(used.sees_the_end());
  first_ready.abort();
  CHECK(ready.sees_the_end());
  CHECK(also_ready.sees_the_end());
  CHECK(listener.open_count() == 0);
}

TEST_CASE("close may come twice and before opening") {
  Listener listener;
  CHECK(listener.open_count() == 0);
  CHECK(listener.idle_count() == 0);
  listener.close();
  listener.close();
  Connection connection;
  CHECK(listener.listen(&connection) == FLUX_END);
  CHECK(!connection);
  CHECK_THROWS_WITH(listener.open(), "a closed listener can't be opened: make another");
}
