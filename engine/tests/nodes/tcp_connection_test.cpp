#include <doctest/doctest.h>

#include <future>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "asleep.hpp"
#include "client.hpp"
#include "flux/nodes/tcp.hpp"

using namespace flux::nodes;
using namespace flux::nodes::testing;
using namespace std::chrono_literals;

namespace {

// A client that has said hello, and its connection, which has heard it.
struct Greeted {
  explicit Greeted(std::chrono::milliseconds timeout = 30s) {
    listener.timeout = timeout;
    listener.open();
    client.emplace(listener, "hello");
    connection = next(listener);
    CHECK(receive(connection) == "hello");
  }

  // Run the listener until so many connections are left.
  void run_until_open(std::size_t count) {
    std::jthread source([&] { next(listener); });
    while (listener.open_count() != count) std::this_thread::yield();
    listener.close();
  }

  Listener listener;
  std::optional<Client> client;
  Connection connection;
};

bool is_timeout(const std::system_error& error) { return error.code() == std::errc::timed_out; }

template <class Call>
bool times_out(Call call) {
  try {
    call();
  } catch (const std::system_error& error) {
    return is_timeout(error);
  }
  return false;
}

// The first bytes to a broken connection meet its reset, the next ones fail.
template <class Send>
bool fails_in_the_end(Send send) {
  try {
    for (int count = 0; count < 100; ++count) send();
  } catch (const std::system_error& error) {
    return !is_timeout(error);
  }
  return false;
}

}  // namespace

TEST_CASE("receive waits for the client") {
  Greeted greeted;
  std::string received;
  Sleeper flow([&] { received = receive(greeted.connection, 3); });
  flow.wait_until_asleep();
  greeted.client->say("abcdef");
  flow.join();
  CHECK(received == "abc");
  CHECK(receive(greeted.connection) == "def");
}

TEST_CASE("receive gives up at its deadline") {
  const Greeted greeted;
  CHECK_THROWS_WITH(receive(greeted.connection, 1, Clock::now() + 10ms),
                    "the client 127.0.0.1 is too slow: Connection timed out");
  CHECK(times_out([&] { receive(greeted.connection, 1, Clock::now() - 1s); }));
  CHECK(times_out([&] { receive(greeted.connection, 1, Clock::time_point::min()); }));
}

TEST_CASE("without a deadline the time-out of the listener holds") {
  const Greeted greeted(10ms);
  CHECK(times_out([&] { receive(greeted.connection); }));
}

TEST_CASE("receive tells the end of the client's words") {
  const Greeted greeted;
  greeted.client->say("last");
  greeted.client->shut_down();
  CHECK(receive(greeted.connection, 4) == "last");
  CHECK(receive(greeted.connection) == "");
}

TEST_CASE("receive fails after a reset") {
  Greeted greeted;
  greeted.client->reset();
  CHECK_THROWS_AS(receive(greeted.connection), std::system_error);
}

TEST_CASE("parts arrive in order whatever their number and type") {
  const Greeted greeted;
  std::vector<std::string> numbers;
  std::vector<Bytes> parts;
  for (int number = 0; number < 3000; ++number) numbers.push_back(std::to_string(number) + ",");
  for (const std::string& number : numbers) parts.emplace_back(number);
  std::string all;
  for (const std::string& number : numbers) all += number;
  greeted.connection.send(parts);
  const std::vector<unsigned char> end{'e', 'n', 'd'};
  const std::byte stop{'.'};
  greeted.connection.send({"", end, std::string_view(), std::span(&stop, 1)});
  greeted.connection.close();
  CHECK(greeted.client->hear_all() == all + "end.");
}

TEST_CASE("nothing is sent of nothing") {
  const Greeted greeted;
  greeted.connection.send({});
  greeted.connection.send({"", ""});
  greeted.connection.close();
  CHECK(greeted.client->hear_all() == "");
}

TEST_CASE("parts larger than any socket buffer are sent whole") {
  const Greeted greeted;
  std::vector<std::string> pieces;
  for (char letter : {'a', 'b', 'c', 'd', 'e'}) pieces.emplace_back(3'000'000, letter);
  auto received = std::async(std::launch::async, [&] { return greeted.client->hear_all(); });
  greeted.connection.send(std::vector<Bytes>(pieces.begin(), pieces.end()));
  greeted.connection.close();
  CHECK(received.get() == pieces[0] + pieces[1] + pieces[2] + pieces[3] + pieces[4]);
}

TEST_CASE("send gives up on a client that doesn't read") {
  const Greeted greeted;
  const std::string much(50'000'000, 'x');
  CHECK(times_out([&] { greeted.connection.send(much, Clock::now() + 10ms); }));
}

TEST_CASE("send fails when the client has gone") {
  Greeted greeted;
  SUBCASE("by closing") { greeted.client->close(); }
  SUBCASE("by a reset") { greeted.client->reset(); }
  CHECK(fails_in_the_end([&] { greeted.connection.send("x"); }));
}

TEST_CASE("a client that has shut its side has finished when all is read") {
  const Greeted greeted;
  CHECK(!greeted.connection.has_finished());
  greeted.client->say("x");
  greeted.client->shut_down();
  CHECK(!greeted.connection.has_finished());
  receive(greeted.connection);
  CHECK(greeted.connection.has_finished());
}

TEST_CASE("a closed connection can't be used but asked") {
  const Greeted greeted;
  SUBCASE("by close") { greeted.connection.close(); }
  SUBCASE("by abort") { greeted.connection.abort(); }
  SUBCASE("by reset") { greeted.connection.reset(); }
  CHECK(greeted.connection.closed());
  CHECK(greeted.connection.descriptor() == -1);
  CHECK(greeted.connection.has_finished());
  CHECK_THROWS_AS(receive(greeted.connection), std::system_error);
  CHECK_THROWS_AS(greeted.connection.send("x"), std::system_error);
}

TEST_CASE("a reset is an error for the client, where an abort is an end") {
  Greeted greeted;
  greeted.connection.send("part");
  CHECK(greeted.client->hear(4) == "part");
  bool is_reset = false;
  SUBCASE("abort") { greeted.connection.abort(); }
  SUBCASE("reset") {
    greeted.connection.reset();
    is_reset = true;
  }
  CHECK(greeted.client->sees_a_reset() == is_reset);
  CHECK(greeted.listener.open_count() == 0);
}

TEST_CASE("what is closed already is not reset") {
  Greeted greeted;
  greeted.connection.send("whole");
  greeted.connection.close();
  greeted.connection.reset();
  CHECK(greeted.client->hear(5) == "whole");
  CHECK(!greeted.client->sees_a_reset());
}

TEST_CASE("the client gets all that was sent although it still sends") {
  Greeted greeted;
  greeted.client->say("not read");
  greeted.connection.send("enough");
  greeted.connection.close();
  CHECK(greeted.client->hear_all() == "enough");
  CHECK(greeted.listener.open_count() == 1);
  CHECK(greeted.client->say(std::string(100'000, 'x')));
  CHECK(greeted.listener.open_count() == 1);
  greeted.client->close();
  greeted.run_until_open(0);
}

TEST_CASE("closing after the client ends at once") {
  Greeted greeted;
  SUBCASE("when it closed") { greeted.client->close(); }
  SUBCASE("when it broke off") { greeted.client->reset(); }
  greeted.connection.close();
  greeted.connection.close();
  greeted.run_until_open(0);
}

TEST_CASE("a client that sends for ever is cut off") {
  Greeted greeted;
  greeted.connection.close();
  std::jthread source([&] { next(greeted.listener); });
  const std::string much(1024 * 1024, 'x');
  bool heard = true;
  for (int count = 0; count < 100 && heard; ++count) heard = greeted.client->say(much);
  CHECK(!heard);
  CHECK(greeted.listener.open_count() == 0);
  greeted.listener.close();
}

TEST_CASE("lingering connections make room first") {
  Listener listener;
  listener.max_connections = 1;
  listener.open();
  const Client first(listener, "first");
  next(listener).close();
  CHECK(listener.open_count() == 1);
  const Client second(listener, "second");
  CHECK(receive(next(listener)) == "second");
  CHECK(first.sees_the_end());
}

TEST_CASE("closing the listener ends lingering") {
  Greeted greeted;
  greeted.connection.close();
  greeted.listener.close();
  CHECK(greeted.listener.open_count() == 0);
  CHECK(greeted.client->hear_all() == "");
}

TEST_CASE("a connection in use closes properly after its listener") {
  Greeted greeted;
  greeted.listener.close();
  greeted.connection.send("bye");
  greeted.connection.close();
  CHECK(greeted.client->hear_all() == "bye");
  CHECK(greeted.listener.open_count() == 0);
}
