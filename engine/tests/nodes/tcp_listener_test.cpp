#include <doctest/doctest.h>
#include <fcntl.h>
#include <flux/flux.h>
#include <netinet/tcp.h>

#include <future>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "asleep.hpp"
#include "client.hpp"
#include "flux/nodes/tcp.hpp"
#include "listening.hpp"

using namespace flux::nodes;
using namespace flux::nodes::testing;
using namespace std::chrono_literals;

namespace {

struct OneByte final : Protocol {
  bool has_input() const noexcept override { return input; }
  void rest() noexcept override { ++rests; }
  bool input = true;
  int rests = 0;
};

struct OtherProtocol final : Protocol {
  bool has_input() const noexcept override { return false; }
};

}  // namespace

TEST_CASE("a client that speaks is handed out") {
  Open listener;
  const Client client(listener, "hello");
  Connection connection;
  CHECK(listener.listen(&connection) == 0);
  CHECK(receive(connection) == "hello");
  CHECK(connection.peer() == client.address());
  CHECK(listener.open_count() == 1);
  CHECK(listener.idle_count() == 0);
}

TEST_CASE("a connection tells how often it was handed out") {
  Open listener;
  const Client client(listener, "once");
  Connection connection = next(listener);
  CHECK(receive(connection) == "once");
  CHECK(connection.uses() == 1);
  listener.keep(std::move(connection));
  client.say("again");
  CHECK(next(listener).uses() == 2);
}

TEST_CASE("a silent client is not handed out") {
  Open listener;
  const Client silent(listener);
  const Client speaks(listener, "speaks");
  const Connection connection = next(listener);
  CHECK(receive(connection) == "speaks");
  CHECK(listener.open_count() == 2);
  CHECK(listener.idle_count() == 1);
}

TEST_CASE("a kept connection comes back when its client speaks again") {
  Open listener;
  const Client client(listener, "one");
  const Connection first = next(listener);
  CHECK(receive(first) == "one");
  listener.keep(first);
  CHECK(listener.idle_count() == 1);
  client.say("two");
  CHECK(next(listener) == first);
  CHECK(receive(first) == "two");
}

TEST_CASE("what arrived before keeping is not missed") {
  Open listener;
  const Client client(listener, "one");
  const Connection connection = next(listener);
  receive(connection);
  client.say("two");
  listener.keep(connection);
  CHECK(receive(next(listener)) == "two");
}

TEST_CASE("what a flow left in the socket is not missed") {
  Open listener;
  const Client client(listener, "onetwo");
  const Connection connection = next(listener);
  CHECK(receive(connection, 3) == "one");
  listener.keep(connection);
  CHECK(receive(next(listener), 3) == "two");
}

TEST_CASE("a connection in use whose client speaks is not handed out twice") {
  Open listener;
  const Client client(listener, "one");
  const Connection connection = next(listener);
  receive(connection);
  client.say("two");
  const Client other(listener, "other");
  CHECK(receive(next(listener)) == "other");  // and is told of the second word
  SUBCASE("what it said is handed out later") {
    listener.keep(connection);
    CHECK(receive(next(listener)) == "two");
  }
  SUBCASE("what it said is not handed out again if it was read") {
    receive(connection);
    listener.keep(connection);
    CHECK(listener.idle_count() == 1);
  }
}

TEST_CASE("a connection with bytes in its buffer is ready at once") {
  Open listener;
  const Client client(listener, "first second");
  const Connection connection = next(listener);
  connection.buffer() += receive(connection);
  listener.keep(connection);
  CHECK(listener.idle_count() == 0);
  CHECK(next(listener) == connection);
}

TEST_CASE("a connection whose protocol has input is ready at once") {
  Open listener;
  const Client client(listener, "first second");
  const Connection connection = next(listener);
  receive(connection);
  auto& protocol = connection.protocol<OneByte>();
  listener.keep(connection);
  CHECK(next(listener) == connection);
  CHECK(protocol.rests == 0);
  protocol.input = false;
  listener.keep(connection);
  CHECK(protocol.rests == 1);
}

TEST_CASE("keeping with a buffer wakes a waiting listen") {
  Open listener;
  const Client client(listener, "first");
  const Connection connection = next(listener);
  connection.buffer() = "second";
  Connection woken;
  Sleeper server([&] { woken = next(listener); });
  server.wait_until_asleep();
  listener.keep(connection);
  server.join();
  CHECK(woken == connection);
}

TEST_CASE("all of one wait are handed out one by one") {
  Open listener;
  const Client a(listener, "a"), b(listener, "b"), c(listener, "c");
  std::set<std::string> heard;
  for (int count = 0; count < 3; ++count) heard.insert(receive(next(listener)));
  CHECK(heard == std::set<std::string>{"a", "b", "c"});
}

TEST_CASE("a client with much in its buffer doesn't keep others from being heard") {
  Open listener;
  const Client busy(listener, "a");
  const Connection greedy = next(listener);
  greedy.buffer() = "endless";
  const Client other(listener, "b");
  int turns = 0;
  for (Connection client = greedy; client == greedy && turns < 1000; ++turns) {
    listener.keep(client);
    client = next(listener);
  }
  CHECK(turns < 1000);
}

TEST_CASE("hundreds of idle connections cost no thread and a busy one is served") {
  Open listener;
  std::jthread server([&] { echo(listener); });
  std::vector<Client> idle;
  for (int count = 0; count < 400; ++count) idle.emplace_back(listener, "once");
  for (const Client& client : idle) CHECK(client.hear(4) == "once");
  const Client busy(listener);
  for (int count = 0; count < 100; ++count) {
    busy.say("again");
    CHECK(busy.hear(5) == "again");
  }
  CHECK(listener.open_count() == 401);
  listener.close();
}

TEST_CASE("connections are kept from many threads") {
  Open listener;
  constexpr int rounds = 200;
  std::vector<std::jthread> threads;
  for (int count = 0; count < 4; ++count) threads.emplace_back([&] { echo(listener); });
  std::vector<std::future<int>> clients;
  for (int count = 0; count < 8; ++count) {
    clients.push_back(std::async(std::launch::async, [&] {
      const Client client(listener);
      int answers = 0;
      for (int round = 0; round < rounds; ++round) {
        client.say("0123456789");
        answers += client.hear(10) == "0123456789";
      }
      return answers;
    }));
  }
  for (auto& client : clients) CHECK(client.get() == rounds);
  listener.close();
}

TEST_CASE("requests that come in pieces and several at once are all answered") {
  Open listener;
  std::jthread server([&] { echo(listener); });
  const Client client(listener);
  std::string sent;
  for (int count = 0; count < 500; ++count) {
    sent += std::string(static_cast<std::size_t>(count % 7 + 1), 'x');
    client.say(
        std::string_view(sent).substr(sent.size() - static_cast<std::size_t>(count % 7 + 1)));
  }
  CHECK(client.hear(sent.size()) == sent);
  listener.close();
}

TEST_CASE("a client that leaves while idle costs no flow") {
  Open listener;
  Client client(listener, "one");
  const Connection connection = next(listener);
  receive(connection);
  listener.keep(connection);
  SUBCASE("by closing") { client.close(); }
  SUBCASE("by a reset") { client.reset(); }
  const Client other(listener, "other");
  const Connection remains = next(listener);
  CHECK(remains != connection);
  CHECK(connection.closed());
  CHECK(listener.open_count() == 1);
}

TEST_CASE("a client that left while its connection was in use is not kept") {
  Open listener;
  Client client(listener, "one");
  const Connection connection = next(listener);
  receive(connection);
  client.close();
  const Client other(listener, "other");
  next(listener);
  listener.keep(connection);
  CHECK(connection.closed());
  CHECK(listener.open_count() == 0);
}

TEST_CASE("a client that speaks and shuts its side is served, and then gone") {
  Open listener;
  const Client client(listener, "last words");
  client.shut_down();
  const Connection connection = next(listener);
  CHECK(receive(connection) == "last words");
  connection.send("answer");
  CHECK(client.hear(6) == "answer");
  listener.keep(connection);
  CHECK(client.sees_the_end());
  CHECK(listener.open_count() == 0);
}

TEST_CASE("listen wakes by itself when an idle connection expires") {
  Listener listener;
  listener.idle_timeout = 50ms;
  listener.open();
  const Client silent(listener);
  std::jthread server([&] { echo(listener); });
  CHECK(silent.sees_the_end());
  listener.close();
}

TEST_CASE("a connection kept during a wait without end expires all the same") {
  Listener listener;
  listener.idle_timeout = 50ms;
  listener.open();
  const Client client(listener, "hello");
  Connection connection = next(listener);
  receive(connection);
  Sleeper server([&] { echo(listener); });
  server.wait_until_asleep();
  listener.keep(std::move(connection));
  CHECK(client.sees_the_end());
  listener.close();
}

TEST_CASE("a connection is closed and counted out with its last copy") {
  Open listener;
  const Client client(listener, "hello");
  Connection connection = next(listener);
  Connection copy = connection;
  connection = Connection();
  CHECK(listener.open_count() == 1);
  CHECK(receive(copy) == "hello");
  copy = Connection();
  CHECK(listener.open_count() == 0);
  CHECK(client.sees_the_end());
}

TEST_CASE("a connection may outlive its listener") {
  Connection connection;
  std::optional<Client> client;
  {
    Open listener;
    client.emplace(listener, "hello");
    connection = next(listener);
  }
  connection.send("bye");
  CHECK(client->hear(3) == "bye");
}

TEST_CASE("a closed connection is not kept") {
  Open listener;
  const Client client(listener, "hello");
  const Connection connection = next(listener);
  connection.abort();
  listener.keep(connection);
  CHECK(listener.open_count() == 0);
  CHECK(listener.idle_count() == 0);
}

TEST_CASE("the connection that has waited longest makes room") {
  Listener listener;
  listener.max_connections = 2;
  listener.open();
  const Client oldest(listener), older(listener);
  const Client newest(listener, "hello");
  const Connection connection = next(listener);
  CHECK(receive(connection) == "hello");
  CHECK(oldest.sees_the_end());
  CHECK(listener.open_count() == 2);
  older.say("still here");
  CHECK(receive(next(listener)) == "still here");
}

TEST_CASE("a new connection is closed when all places are in use") {
  Listener listener;
  listener.max_connections = 1;
  listener.open();
  const Client first(listener, "first");
  const Connection connection = next(listener);
  receive(connection);
  const Client refused(listener);
  std::jthread server([&] { echo(listener); });
  CHECK(refused.sees_the_end());
  listener.keep(connection);
  first.say("second");
  CHECK(first.hear(6) == "second");
  listener.close();
}

TEST_CASE("accepted connections don't delay small packets, nor block") {
  Open listener;
  const Client client(listener, "hello");
  const Connection connection = next(listener);
  int on = 0;
  socklen_t size = sizeof on;
  ::getsockopt(connection.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, &size);
  CHECK(on != 0);
  CHECK((::fcntl(connection.descriptor(), F_GETFL) & O_NONBLOCK) != 0);
  CHECK((::fcntl(connection.descriptor(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a connection speaks one protocol") {
  Open listener;
  const Client client(listener, "hello");
  const Connection connection = next(listener);
  OneByte& protocol = connection.protocol<OneByte>();
  CHECK(&connection.protocol<OneByte>() == &protocol);
  CHECK_THROWS_AS(connection.protocol<OtherProtocol>(), std::logic_error);
}

TEST_CASE("an empty connection can't be used") {
  const Connection nothing;
  CHECK(!nothing);
  CHECK_THROWS_AS(receive(nothing), std::system_error);
  CHECK_THROWS_AS(nothing.close(), std::system_error);
}
