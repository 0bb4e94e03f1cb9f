#include "flux/nodes/address.hpp"

#include <arpa/inet.h>
#include <netdb.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "failure.hpp"

namespace flux::nodes {

namespace {

constexpr int last_port = 65'535;

using Found = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Found resolve(const std::string& host) {
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, nullptr, &found);
  if (error == EAI_SYSTEM) detail::fail(host);
  if (error != 0) detail::fail(host + ": " + gai_strerror(error), EADDRNOTAVAIL);
  return {found, &freeaddrinfo};
}

}  // namespace

Address::Address(const std::string& host, int port) {
  if (port < 0 || port > last_port) {
    throw std::invalid_argument("there is no port " + std::to_string(port));
  }
  const Found found = resolve(host);
  if (found->ai_addrlen > sizeof v6_) detail::fail(host, EAFNOSUPPORT);
  std::memcpy(data(), found->ai_addr, found->ai_addrlen);
  // The port stands at the same place in both families.
  v4_.sin_port = htons(static_cast<in_port_t>(port));
}

Address Address::of(int socket) {
  Address own;
  socklen_t size = capacity;
  detail::checked(getsockname(socket, own.data(), &size), "getsockname");
  return own;
}

std::string Address::host() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bits = family() == AF_INET ? static_cast<const void*>(&v4_.sin_addr)
                                         : static_cast<const void*>(&v6_.sin6_addr);
  inet_ntop(family(), bits, text.data(), text.size());
  return text.data();
}

int Address::port() const noexcept { return ntohs(v4_.sin_port); }

std::string Address::text() const {
  const std::string name = family() == AF_INET6 ? "[" + host() + "]" : host();
  return name + ":" + std::to_string(port());
}

socklen_t Address::size() const noexcept {
  return family() == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

bool operator==(const Address& left, const Address& right) noexcept {
  if (left.family() != right.family() || left.port() != right.port()) return false;
  if (left.family() == AF_INET) return left.v4_.sin_addr.s_addr == right.v4_.sin_addr.s_addr;
  return std::memcmp(&left.v6_.sin6_addr, &right.v6_.sin6_addr, sizeof(in6_addr)) == 0 &&
         left.v6_.sin6_scope_id == right.v6_.sin6_scope_id;
}

}  // namespace flux::nodes
