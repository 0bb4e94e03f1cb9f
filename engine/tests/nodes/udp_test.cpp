#include "flux/nodes/udp.hpp"

#include <doctest/doctest.h>
#include <flux/flux.h>

#include <future>
#include <set>
#include <string>
#include <vector>

#include "asleep.hpp"

using namespace flux::nodes;
using namespace flux::nodes::testing;
using namespace std::chrono_literals;

namespace {

struct Socket : UdpSocket {
  explicit Socket(std::size_t longest = 65'507) {
    max_size = longest;
    open();
  }
  Address address() const { return Address(host, port); }
};

std::string receive(UdpSocket& socket) {
  std::string data;
  Address peer;
  return socket.receive(&data, &peer) == 0 ? data : "ended";
}

}  // namespace

TEST_CASE("a datagram comes with its sender, who can be answered") {
  Socket server, client;
  client.send_to("question", server.address());
  std::string data;
  Address peer;
  CHECK(server.receive(&data, &peer) == 0);
  CHECK(data == "question");
  CHECK(peer == client.address());
  server.send_to("answer", peer);
  CHECK(client.receive(&data, &peer) == 0);
  CHECK(data == "answer");
  CHECK(peer == server.address());
}

TEST_CASE("receive waits for a datagram") {
  Socket server, client;
  std::string data;
  Sleeper source([&] { data = receive(server); });
  source.wait_until_asleep();
  client.send_to("late", server.address());
  source.join();
  CHECK(data == "late");
}

TEST_CASE("datagrams of one batch are handed out one by one, in order") {
  Socket server, client;
  std::vector<std::string> texts;
  for (int number = 0; number < 100; ++number) texts.push_back(std::to_string(number));
  std::vector<Datagram> datagrams;
  for (const std::string& text : texts) datagrams.push_back({text, server.address()});
  client.send_batch(datagrams);
  for (const std::string& text : texts) CHECK(receive(server) == text);
}

TEST_CASE("an empty datagram is a datagram") {
  Socket server, client;
  client.send_to("", server.address());
  CHECK(receive(server) == "");
}

TEST_CASE("the longest datagram arrives whole, a longer one can't be sent") {
  Socket server, client;
  const std::string longest(65'507, 'x');
  client.send_to(longest, server.address());
  CHECK(receive(server) == longest);
  CHECK_THROWS_AS(client.send_to(longest + "x", server.address()), std::system_error);
}

TEST_CASE("datagrams above the bound are dropped and counted") {
  Socket server(4), client;
  for (const char* text : {"12345", "1234", "123456", "1"}) client.send_to(text, server.address());
  CHECK(receive(server) == "1234");
  CHECK(receive(server) == "1");
  CHECK(server.dropped() == 2);
}

TEST_CASE("an interrupt ends a waiting receive, and sending goes on") {
  Socket server, client;
  std::string data;
  Sleeper source([&] { data = receive(server); });
  source.wait_until_asleep();
  server.interrupt();
  source.join();
  CHECK(data == "ended");
  CHECK(receive(server) == "ended");
  server.send_to("bye", client.address());
  CHECK(receive(client) == "bye");
}

TEST_CASE("closing ends receive wherever it is, and sending") {
  for (int round = 0; round < 100; ++round) {
    Socket server, client;
    std::jthread source([&] {
      while (receive(server) != "ended") continue;
    });
    client.send_to("something", server.address());
    server.close();
    CHECK_THROWS_AS(server.send_to("x", client.address()), std::logic_error);
  }
}

TEST_CASE("a closed socket can't be opened, nor one that was closed before") {
  Socket server;
  server.close();
  server.close();
  CHECK_THROWS_AS(server.open(), std::logic_error);
  UdpSocket never;
  never.close();
  CHECK(receive(never) == "ended");
  CHECK_THROWS_AS(never.open(), std::logic_error);
}

TEST_CASE("receive opens a socket that nobody opened") {
  UdpSocket server;
  std::string data;
  std::jthread source([&] { data = receive(server); });
  server.open();
  Socket client;
  client.send_to("hello", Address(server.host, server.port));
  source.join();
  CHECK(data == "hello");
}

TEST_CASE("sending opens a socket that nobody opened, even after an interrupt") {
  Socket server;
  UdpSocket client;
  client.interrupt();
  client.send_to("hello", server.address());
  CHECK(receive(server) == "hello");
  CHECK(receive(client) == "ended");
}

TEST_CASE("many threads send while one receives") {
  Socket server;
  constexpr int each = 50;
  std::vector<std::jthread> senders;
  for (int sender = 0; sender < 4; ++sender) {
    senders.emplace_back([&, sender] {
      for (int count = 0; count < each; ++count) {
        server.send_to(std::to_string(sender * each + count), server.address());
      }
    });
  }
  senders.clear();
  std::set<std::string> heard;
  for (int count = 0; count < 4 * each; ++count) heard.insert(receive(server));
  CHECK(heard.size() == 4 * each);
}

TEST_CASE("a port in use is an error, and one that doesn't exist is another") {
  Socket server;
  UdpSocket second;
  second.port = server.port;
  CHECK_THROWS_AS(second.open(), std::system_error);
  second.port = 65'536;
  CHECK_THROWS_AS(second.open(), std::invalid_argument);
}

TEST_CASE("datagrams come over both families") {
  UdpSocket server;
  server.host = "::1";
  server.open();
  UdpSocket client;
  client.host = "::1";
  client.open();
  client.send_to("hello", Address(server.host, server.port));
  std::string data;
  Address peer;
  server.receive(&data, &peer);
  CHECK(data == "hello");
  CHECK(peer == Address(client.host, client.port));
}
