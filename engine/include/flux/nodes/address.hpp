// An address of the Internet: a host and a port, IPv4 or IPv6.

#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

namespace flux::nodes {

class Address {
 public:
  Address() noexcept = default;

  // The first address that the system finds for a host; std::system_error if there is none.
  Address(const std::string& host, int port);

  // The address that a socket is bound to.
  static Address of(int socket);

  std::string host() const;
  int port() const noexcept;
  sa_family_t family() const noexcept { return any_.sa_family; }

  // As "127.0.0.1:80" or "[::1]:80".
  std::string text() const;

  friend bool operator==(const Address& left, const Address& right) noexcept;

  // For system calls, which fill in whatever address fits.
  sockaddr* data() noexcept { return &any_; }
  const sockaddr* data() const noexcept { return &any_; }
  socklen_t size() const noexcept;
  static constexpr socklen_t capacity = sizeof(sockaddr_in6);

 private:
  union {
    sockaddr any_;
    sockaddr_in v4_;
    sockaddr_in6 v6_ = {};
  };
};

}  // namespace flux::nodes
