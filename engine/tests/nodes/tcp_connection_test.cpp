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
struct Pair {
  explicit Pair(std::chrono::milliseconds timeout = 30s) {
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
  Pair pair;
  std::string received;
  Sleeper flow([&] { received = receive(pair.connection, 3); });
  flow.wait_until_asleep();
  pair.client->say("abcdef");
  flow.join();
  CHECK(received == "abc");
  CHECK(receive(pair.connection) == "def");
}

TEST_CASE("receive gives up at its deadline") {
  const Pair pair;
  CHECK_THROWS_WITH(receive(pair.connection, 1, Clock::now() + 10ms),
                    "the client 127.0.0.1 is too slow: Connection timed out");
  CHECK(times_out([&] { receive(pair.connection, 1, Clock::now() - 1s); }));
  CHECK(times_out([&] { receive(pair.connection, 1, Clock::time_point::min()); }));
}

TEST_CASE("without a deadline the time-out of the listener holds") {
  const Pair pair(10ms);
  CHECK(times_out([&] { receive(pair.connection); }));
}

TEST_CASE("receive tells the end of the client's words") {
  const Pair pair;
  pair.client->say("last");
  pair.client->shut_down();
  CHECK(receive(pair.connection, 4) == "last");
  CHECK(receive(pair.connection) == "");
}

TEST_CASE("receive fails after a reset") {
  Pair pair;
  pair.client->reset();
  CHECK_THROWS_AS(receive(pair.connection), std::system_error);
}

TEST_CASE("parts arrive in order whatever their number and type") {
  const Pair pair;
  std::vector<std::string> numbers;
  std::vector<Bytes> parts;
  for (int number = 0; number < 3000; ++number) numbers.push_back(std::to_string(number) + ",");
  for (const std::string& number : numbers) parts.emplace_back(number);
  std::string all;
  for (const std::string& number : numbers) all += number;
  pair.connection.send(parts);
  const std::vector<unsigned char> end{'e', 'n', 'd'};
  const std::byte stop{'.'};
  pair.connection.send({"", end, std::string_view(), std::span(&stop, 1)});
  pair.connection.close();
  CHECK(pair.client->hear_all() == all + "end.");
}

TEST_CASE("nothing is sent of nothing") {
  const Pair pair;
  pair.connection.send({});
  pair.connection.send({"", ""});
  pair.connection.close();
  CHECK(pair.client->hear_all() == "");
}

TEST_CASE("parts larger than any socket buffer are sent whole") {
  const Pair pair;
  std::vector<std::string> pieces;
  for (char letter : {'a', 'b', 'c', 'd', 'e'}) pieces.emplace_back(3'000'000, letter);
  auto received = std::async(std::launch::async, [&] { return pair.client->hear_all(); });
  pair.connection.send(std::vector<Bytes>(pieces.begin(), pieces.end()));
  pair.connection.close();
  CHECK(received.get() == pieces[0] + pieces[1] + pieces[2] + pieces[3] + pieces[4]);
}

TEST_CASE("send gives up on a client that doesn't read") {
  const Pair pair;
  const std::string much(50'000'000, 'x');
  CHECK(times_out([&] { pair.connection.send(much, Clock::now() + 10ms); }));
}

TEST_CASE("send fails when the client has gone") {
  Pair pair;
  SUBCASE("by closing") { pair.client->close(); }
  SUBCASE("by a reset") { pair.client->reset(); }
  CHECK(fails_in_the_end([&] { pair.connection.send("x"); }));
}

TEST_CASE("a client that has shut its side has finished when all is read") {
  const Pair pair;
  CHECK(!pair.connection.has_finished());
  pair.client->say("x");
  pair.client->shut_down();
  CHECK(!pair.connection.has_finished());
  receive(pair.connection);
  CHECK(pair.connection.has_finished());
}

TEST_CASE("a closed connection can't be used but asked") {
  const Pair pair;
  SUBCASE("by close") { pair.connection.close(); }
  SUBCASE("by abort") { pair.connection.abort(); }
  CHECK(pair.connection.closed());
  CHECK(pair.connection.descriptor() == -1);
  CHECK(pair.connection.has_finished());
  CHECK_THROWS_AS(receive(pair.connection), std::system_error);
  CHECK_THROWS_AS(pair.connection.send("x"), std::system_error);
}

TEST_CASE("the client gets all that was sent although it still sends") {
  Pair pair;
  pair.client->say("not read");
  pair.connection.send("enough");
  pair.connection.close();
  CHECK(pair.client->hear_all() == "enough");
  CHECK(pair.listener.open_count() == 1);
  CHECK(pair.client->say(std::string(100'000, 'x')));
  CHECK(pair.listener.open_count() == 1);
  pair.client->close();
  pair.run_until_open(0);
}

TEST_CASE("closing after the client ends at once") {
  Pair pair;
  SUBCASE("when it closed") { pair.client->close(); }
  SUBCASE("when it broke off") { pair.client->reset(); }
  pair.connection.close();
  pair.connection.close();
  pair.run_until_open(0);
}

TEST_CASE("a client that sends for ever is cut off") {
  Pair pair;
  pair.connection.close();
  std::jthread source([&] { next(pair.listener); });
  const std::string much(1024 * 1024, 'x');
  bool heard = true;
  for (int count = 0; count < 100 && heard; ++count) heard = pair.client->say(much);
  CHECK(!heard);
  CHECK(pair.listener.open_count() == 0);
  pair.listener.close();
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
  Pair pair;
  pair.connection.close();
  pair.listener.close();
  CHECK(pair.listener.open_count() == 0);
  CHECK(pair.client->hear_all() == "");
}

TEST_CASE("a connection in use closes properly after its listener") {
  Pair pair;
  pair.listener.close();
  pair.connection.send("bye");
  pair.connection.close();
  CHECK(pair.client->hear_all() == "bye");
  CHECK(pair.listener.open_count() == 0);
}
