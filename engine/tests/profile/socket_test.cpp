#include "profile/socket.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <flux/nodes/address.hpp>
#include <flux/nodes/descriptor.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "measured.hpp"

using flux::nodes::Address;
using flux::nodes::detail::Descriptor;
using flux::profile::Place;
using flux::profile::Socket;
using flux::tests::Measured;

namespace {

class Served {
 public:
  explicit Served(const std::string& place = "127.0.0.1:0")
      : socket{Place::parse(place), {measured.profiler(), {measured.program(), options_}, ""}} {}

  Descriptor connected() const {
    Address address{"127.0.0.1", std::stoi(socket.address().substr(10))};
    Descriptor made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    REQUIRE(connect(made.get(), address.data(), address.size()) == 0);
    return made;
  }

  Measured measured{};

 private:
  flux::Options options_{};

 public:
  Socket socket;
};

void say(const Descriptor& client, const std::string& text) {
  REQUIRE(send(client.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(text.size()));
}

// All that comes until the server closes.
std::string heard(const Descriptor& client) {
  std::string text;
  char piece[4096];
  for (ssize_t size = 0; (size = recv(client.get(), piece, sizeof piece, 0)) > 0;) {
    text.append(piece, static_cast<std::size_t>(size));
  }
  return text;
}

std::string reply(const Served& served, const std::string& text) {
  const Descriptor client = served.connected();
  say(client, text);
  return heard(client);
}

constexpr const char* question =
    "GET /flows HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

Descriptor connected_at(const std::string& path) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  Descriptor made{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  REQUIRE(connect(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return made;
}

std::string complaint(const std::string& place) {
  try {
    Place::parse(place);
  } catch (const std::invalid_argument& wrong) {
    return wrong.what();
  }
  return "none";
}

}  // namespace

TEST_SUITE("the socket of a profile") {
  TEST_CASE("a question is answered") {
    const Served served;
    const std::string text = reply(served, question);
    CHECK(text.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(text.ends_with("{\"flows\":[],\"more\":0,\"on\":false}\n"));
  }

  TEST_CASE("a client may ask again") {
    const Served served;
    const Descriptor client = served.connected();
    say(client, "GET /paths.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    say(client, question);
    const std::string text = heard(client);
    CHECK(text.find("HTTP/1.1 200 OK", 1) != text.npos);
  }

  TEST_CASE("a question may come in pieces") {
    const Served served;
    const Descriptor client = served.connected();
    for (const char* each = question; *each != '\0'; ++each) {
      say(client, {*each});
    }
    CHECK(heard(client).starts_with("HTTP/1.1 200 OK\r\n"));
  }

  TEST_CASE("rubbish is refused, and closed") {
    const Served served;
    CHECK(reply(served, "\x16\x03\x01 rubbish\r\n\r\n").starts_with("HTTP/1.1 400 "));
    CHECK(reply(served, "GET /" + std::string(5000, 'x') + " HTTP/1.1\r\n")
              .starts_with("HTTP/1.1 414 "));
    CHECK(reply(served, "POST /start HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n")
              .starts_with("HTTP/1.1 413 "));
  }

  TEST_CASE("who is too many waits until another has gone") {
    const Served served;
    std::vector<Descriptor> silent;
    for (int number = 0; number < 16; ++number) {
      silent.push_back(served.connected());
    }
    const Descriptor late = served.connected();
    say(late, question);
    silent.clear();
    CHECK(heard(late).starts_with("HTTP/1.1 200 OK\r\n"));
  }

  TEST_CASE("of those who say nothing one makes room for another, and the rest stay") {
    const Served served;
    std::vector<Descriptor> silent;
    for (int number = 0; number < 16; ++number) {
      silent.push_back(served.connected());
    }
    CHECK(reply(served, question).starts_with("HTTP/1.1 200 OK\r\n"));
    char byte;
    CHECK(recv(silent.front().get(), &byte, 1, MSG_DONTWAIT) == 0);
    CHECK(recv(silent.back().get(), &byte, 1, MSG_DONTWAIT) == -1);
  }

  TEST_CASE("a socket in the file system is its owner's, and goes with the server") {
    const std::string path = "/tmp/flux-test-" + std::to_string(getpid()) + ".sock";
    {
      const Served served{"unix:" + path};
      CHECK(served.socket.address() == "unix:" + path);
      const Descriptor client = connected_at(path);
      say(client, question);
      CHECK(heard(client).starts_with("HTTP/1.1 200 OK\r\n"));
      struct stat found {};
      REQUIRE(stat(path.c_str(), &found) == 0);
      CHECK((found.st_mode & 0777) == 0600);
    }
    CHECK_FALSE(std::filesystem::exists(path));
  }

  TEST_CASE("a socket that a server has left behind is replaced, but nothing else") {
    const std::string path = "/tmp/flux-test-" + std::to_string(getpid()) + ".sock";
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    {
      const Descriptor left{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
      REQUIRE(bind(left.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    }
    {
      const Served served{"unix:" + path};
      CHECK_THROWS_AS(Served{"unix:" + path}, std::system_error);
    }
    std::filesystem::create_directory(path);
    CHECK_THROWS_AS(Served{"unix:" + path}, std::system_error);
    std::filesystem::remove(path);
  }

  TEST_CASE("a place that isn't one is refused") {
    CHECK(complaint("127.0.0.1:9100") == "none");
    CHECK(complaint("[::1]:0") == "none");
    CHECK(complaint("9100") ==
          "must be like `127.0.0.1:9100` or `unix:/run/image.sock`, not `9100`");
    CHECK(complaint("127.0.0.1:").starts_with("must be like"));
    CHECK(complaint(":9100").starts_with("must be like"));
    CHECK(complaint("127.0.0.1:70000").starts_with("must be like"));
    CHECK(complaint("unix:").starts_with("must have a path"));
    CHECK(complaint("unix:" + std::string(200, 'x')).starts_with("must have a path"));
  }

  TEST_CASE("only this machine's own addresses are its own") {
    CHECK(Place::parse("127.0.0.1:1").is_of_this_machine());
    CHECK(Place::parse("[::1]:1").is_of_this_machine());
    CHECK(Place::parse("unix:/tmp/x").is_of_this_machine());
    CHECK_FALSE(Place::parse("0.0.0.0:1").is_of_this_machine());
    CHECK_FALSE(Place::parse("[::]:1").is_of_this_machine());
  }
}
