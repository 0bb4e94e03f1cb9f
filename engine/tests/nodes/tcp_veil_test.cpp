// What stands between a connection's bytes and its flow.

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "flux/nodes/http.hpp"
#include "flux/nodes/veil.hpp"
#include "listening.hpp"

using namespace flux::nodes;
using namespace flux::nodes::testing;

namespace {

// Letters in the other case; a word ends with a space, and a full stop is a farewell.
std::string veiled(std::string text) {
  for (char& letter : text) letter = static_cast<char>(letter == ' ' ? letter : letter ^ 0x20);
  return text;
}

class OtherCase final : public Veil {
 public:
  std::size_t receive(const Wire& wire, std::span<char> into, Deadline deadline) override {
    std::array<char, 64> room;
    while (!has_word()) came_.append(room.data(), wire.receive(room, deadline));
    const std::string word = veiled(came_.substr(0, came_.find(' ')));
    came_.erase(0, word.size() + 1);
    return word.copy(into.data(), into.size());
  }

  void send(const Wire& wire, std::span<const Bytes> parts, Deadline deadline) override {
    for (const Bytes& part : parts) {
      const std::string text =
          veiled(std::string(static_cast<const char*>(part.data()), part.size()));
      const Bytes whole(text);
      wire.send({&whole, 1}, deadline);
    }
  }

  bool has_input() const noexcept override { return has_word(); }

  Input look(const Wire& wire) noexcept override {
    std::array<char, 64> room;
    if (const auto got = wire.receive_now(room)) came_.append(room.data(), *got);
    if (has_word()) return Input::waiting;
    return came_ == "." ? Input::finished : Input::none;
  }

  void close(const Wire& wire) noexcept override { wire.send_now("."); }

 private:
  bool has_word() const noexcept { return came_.find(' ') != came_.npos; }

  std::string came_;
};

class OtherCases final : public Veils {
 public:
  std::unique_ptr<Veil> veil() override { return std::make_unique<OtherCase>(); }
};

struct Veiled : Listener {
  explicit Veiled(std::shared_ptr<Veils> veils = std::make_shared<OtherCases>()) {
    tls = std::move(veils);
    open();
  }
};

// Never finds what it expects.
class Refusal final : public Veil {
 public:
  std::size_t receive(const Wire&, std::span<char>, Deadline) override { throw Unveiled("plain"); }
  void send(const Wire& wire, std::span<const Bytes> parts, Deadline deadline) override {
    wire.send(parts, deadline);
  }
  bool has_input() const noexcept override { return false; }
  Input look(const Wire& wire) noexcept override { return wire.look(); }
  void close(const Wire&) noexcept override {}
};

class Refusals final : public Veils {
 public:
  std::unique_ptr<Veil> veil() override { return std::make_unique<Refusal>(); }
};

}  // namespace

TEST_CASE("flows see what is behind the veil") {
  Veiled listener;
  const Client client(listener, "HELLO there ");
  const Connection connection = next(listener);
  CHECK(receive(connection) == "hello");
  connection.send({"w", "orld"});
  CHECK(client.hear(5) == "WORLD");
  listener.keep(connection);
  CHECK(receive(next(listener)) == "THERE");
}

TEST_CASE("half a word wakes no flow") {
  Veiled listener;
  const Client half(listener, "HEL"), whole(listener, "BYE ");
  CHECK(receive(next(listener)) == "bye");
  CHECK(half.say("LO "));
  CHECK(receive(next(listener)) == "hello");
}

TEST_CASE("a farewell that only the veil understands ends a connection that waits") {
  Veiled listener;
  const Client client(listener, "."), other(listener, "HELLO ");
  CHECK(receive(next(listener)) == "hello");
  CHECK(client.sees_the_end());
}

TEST_CASE("who speaks HTTP without the veil may be told so") {
  Veiled listener(std::make_shared<Refusals>());
  const Client client(listener, "GET / HTTP/1.1\r\n\r\n");
  const Connection connection = next(listener);
  CHECK_THROWS_WITH_AS(read_request(connection), "400 this is HTTPS: ask for https://", HttpError);
  connection.send("no");
  CHECK(client.hear(2) == "no");
}

TEST_CASE("a connection that is closed says farewell") {
  Veiled listener;
  const Client client(listener, "HELLO ");
  const Connection connection = next(listener);
  connection.close();
  client.shut_down();
  CHECK(client.hear_all() == ".");
}
