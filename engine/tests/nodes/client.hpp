// Clients for the tests of network nodes: plain blocking sockets that give up after a time.

#pragma once

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "flux/nodes/tcp.hpp"

namespace flux::nodes::testing {

class Client {
 public:
  explicit Client(const Address& address)
      : socket_(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{30, 0};
    REQUIRE(::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
    REQUIRE(::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0);
    REQUIRE(::connect(socket_, address.data(), address.size()) == 0);
  }
  explicit Client(const Listener& listener, std::string_view first = {})
      : Client(Address(listener.host, listener.port)) {
    say(first);
  }
  Client(Client&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  Client& operator=(Client&&) = delete;
  ~Client() { close(); }

  Address address() const { return Address::of(socket_); }

  // Send all of it; whether that went well.
  bool say(std::string_view text) const {
    while (!text.empty()) {
      const auto sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // So many bytes, or fewer if the server ends.
  std::string hear(std::size_t size) const {
    std::string heard(size, '\0');
    const auto got = ::recv(socket_, heard.data(), size, MSG_WAITALL);
    heard.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return heard;
  }

  std::string hear_all() const {
    std::string heard;
    std::array<char, 65536> some;
    while (true) {
      const auto got = ::recv(socket_, some.data(), some.size(), 0);
      if (got <= 0) return heard;
      heard.append(some.data(), static_cast<std::size_t>(got));
    }
  }

  // Wait for the server's end of the connection, and drop what comes before.
  bool sees_the_end() const {
    std::array<char, 65536> some;
    ssize_t got = 0;
    errno = 0;
    do got = ::recv(socket_, some.data(), some.size(), 0);
    while (got > 0);
    return got == 0 || errno == ECONNRESET;
  }

  // The same, where only a reset will do.
  bool sees_a_reset() const { return sees_the_end() && errno == ECONNRESET; }

  void shut_down() const { ::shutdown(socket_, SHUT_WR); }

  // Close with a reset.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }

  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }

 private:
  int socket_;
};

// What a connection receives in one go, as text.
inline std::string receive(const Connection& connection, std::size_t limit = 16384,
                           Deadline deadline = {}) {
  std::string text(limit, '\0');
  text.resize(connection.receive(text, deadline));
  return text;
}

// The next connection of a listener; empty once it is closed.
inline Connection next(Listener& listener) {
  Connection connection;
  listener.listen(&connection);
  return connection;
}

}  // namespace flux::nodes::testing
