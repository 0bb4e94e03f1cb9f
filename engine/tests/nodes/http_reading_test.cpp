#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <stdexcept>
#include <string>

#include "client.hpp"
#include "flux/nodes/http.hpp"

using namespace flux::nodes;
using namespace flux::nodes::testing;
using namespace std::chrono_literals;

namespace {

const std::string head = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n";
const std::string request = head + "hello";

// A client, and its connection once it has said something.
struct Pair {
  explicit Pair(std::string_view first) : client((listener.open(), listener), first) {
    if (!first.empty()) connection = next(listener);
  }

  Listener listener;
  Client client;
  Connection connection;
};

std::string asking_for_leave() {
  return std::string(head).insert(head.size() - 2, "Expect: 100-continue\r\n");
}

constexpr Limits leaving{.body = 4, .streamed = 10};

std::string read_some(const Connection& connection, std::size_t limit = 100,
                      Deadline deadline = {}) {
  std::string text(limit, '\0');
  text.resize(read_body(connection, text, deadline));
  return text;
}

int status_of_refusal(const Connection& connection, const Limits& limits, Deadline deadline) {
  try {
    read_request(connection, limits, deadline);
  } catch (const HttpError& error) {
    return error.status();
  }
  return 0;
}

}  // namespace

TEST_CASE("a request is read in whatever pieces it comes") {
  Pair pair(request.substr(0, 1));
  auto body = std::async(std::launch::async,
                         [&] { return std::string(read_request(pair.connection).body); });
  for (const char byte : request.substr(1)) REQUIRE(pair.client.say({&byte, 1}));
  CHECK(body.get() == "hello");
}

TEST_CASE("pipelined requests are served in order by handing back") {
  std::string second = request;
  second.replace(second.find("/a"), 2, "/b");
  Pair pair(request + second + request.substr(0, 9));
  CHECK(read_request(pair.connection).path == "/a");
  pair.listener.keep(pair.connection);
  CHECK(next(pair.listener) == pair.connection);
  CHECK(read_request(pair.connection).path == "/b");
  REQUIRE(pair.client.say(request.substr(9)));
  CHECK(read_request(pair.connection).path == "/a");
}

TEST_CASE("a request begins with what is in the connection's buffer") {
  Pair pair(request.substr(9));
  pair.connection.buffer() = request.substr(0, 9);
  CHECK(read_request(pair.connection).body == "hello");
  CHECK(pair.connection.buffer().empty());
}

TEST_CASE("a slow client gets 408") {
  Pair pair(request.substr(0, 20));
  CHECK(status_of_refusal(pair.connection, {}, Clock::now() + 10ms) == 408);
}

TEST_CASE("a request over the limits gets its status") {
  Pair pair(request);
  CHECK(status_of_refusal(pair.connection, {.body = 4}, {}) == 413);
}

TEST_CASE("a client that closes within its request is gone") {
  for (const std::string& sent : {request.substr(0, 1), request.substr(0, request.size() - 1)}) {
    Pair pair(sent);
    pair.client.close();
    CHECK_THROWS_AS(read_request(pair.connection), Disconnected);
  }
}

TEST_CASE("a client that resets within its request is gone") {
  Pair pair(request.substr(0, 20));
  pair.connection.buffer() = receive(pair.connection);
  pair.client.reset();
  CHECK_THROWS_AS(read_request(pair.connection), Disconnected);
}

TEST_CASE("a client that asks gets leave to go on") {
  Pair pair(asking_for_leave());
  auto body = std::async(std::launch::async,
                         [&] { return std::string(read_request(pair.connection).body); });
  CHECK(pair.client.hear(25) == "HTTP/1.1 100 Continue\r\n\r\n");
  REQUIRE(pair.client.say("hel"));
  REQUIRE(pair.client.say("lo"));
  CHECK(body.get() == "hello");
}

TEST_CASE("a response goes to the client as it is") {
  Pair pair(request);
  const Request read = read_request(pair.connection);
  const Response reply = response(200, {}, read.body, {.keep_alive = false});
  const std::string expected = std::string(reply.head()) + "hello";
  pair.connection.send(reply.parts());
  pair.connection.close();
  CHECK(pair.client.hear(expected.size()) == expected);
}

TEST_CASE("a client that said it sends nothing more isn't waited for") {
  Pair pair("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  read_request(pair.connection);
  pair.connection.send("all");
  pair.connection.close();
  CHECK(pair.listener.open_count() == 0);
  CHECK(pair.client.hear_all() == "all");
}

TEST_CASE("a client that may send more, or does, is waited for") {
  const std::string asks_once = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  Pair pair("");
  SUBCASE("another request may come") { REQUIRE(pair.client.say(request)); }
  SUBCASE("more came with the last one") { REQUIRE(pair.client.say(asks_once + "more")); }
  pair.connection = next(pair.listener);
  read_request(pair.connection);
  pair.connection.close();
  CHECK(pair.listener.open_count() == 1);
}

TEST_CASE("a body that is left is read as it comes") {
  Pair pair(head + "hel");
  const Request read = read_request(pair.connection, leaving);
  CHECK(read.body.empty());
  CHECK(read.unread == 5);
  CHECK_FALSE(read.keep_alive);
  CHECK(read_some(pair.connection, 2) == "he");
  CHECK(read_some(pair.connection) == "l");
  pair.client.say("lo and no more");
  CHECK(read_some(pair.connection) == "lo");
  CHECK(read_some(pair.connection).empty());
  CHECK(read.path == "/a");
}

TEST_CASE("leave to send a body that is left is given when it is read") {
  Pair pair(asking_for_leave());
  CHECK(read_request(pair.connection, leaving).awaits_leave);
  pair.connection.send("first ");
  auto body = std::async(std::launch::async, [&] { return read_some(pair.connection); });
  CHECK(pair.client.hear(31) == "first HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(pair.client.say("hello"));
  CHECK(body.get() == "hello");
}

TEST_CASE("a body that is left and never whole is an error") {
  Pair pair(head + "hel");
  read_request(pair.connection, leaving);
  CHECK(read_some(pair.connection) == "hel");
  CHECK_THROWS_WITH_AS(read_some(pair.connection, 9, Clock::now() + 10ms), "408 Request Timeout",
                       HttpError);
  CHECK_THROWS_AS(read_request(pair.connection), std::logic_error);
  pair.client.close();
  CHECK_THROWS_AS(read_some(pair.connection), Disconnected);
}
