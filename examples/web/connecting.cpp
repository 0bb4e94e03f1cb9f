#include "connecting.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cerrno>
#include <charconv>
#include <flux/nodes/address.hpp>
#include <string_view>
#include <system_error>

#include "fastcgi.hpp"
#include "text.hpp"

namespace {

[[noreturn]] void fail(const std::string& address) {
  throw fastcgi::Error{address + ": " + std::generic_category().message(errno)};
}

// A port behind the last colon; -1 if there is none, and the address is a path.
int port_of(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == address.npos || address.find('/') != address.npos) return -1;
  const auto digits = std::string_view{address}.substr(colon + 1);
  int port = -1;
  const auto found = std::from_chars(digits.begin(), digits.end(), port);
  return found.ptr == digits.end() && text::all_digits(digits) ? port : -1;
}

// A socket that has connected within a time.
Socket connected(const std::string& address, const sockaddr* place, socklen_t size,
                 std::chrono::milliseconds patience) {
  Socket own{::socket(place->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (own.descriptor() < 0) fail(address);
  const auto rest = std::chrono::microseconds{patience % std::chrono::seconds{1}}.count();
  const timeval longest{patience / std::chrono::seconds{1}, rest};
  ::setsockopt(own.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
  if (::connect(own.descriptor(), place, size) == 0) return own;
  if (errno != EINPROGRESS && errno != EAGAIN) fail(address);
  throw ScriptTooSlow{address + " takes no connection"};
}

Socket connect_to_path(const std::string& path, std::chrono::milliseconds patience) {
  sockaddr_un place{};
  place.sun_family = AF_UNIX;
  if (path.size() >= sizeof place.sun_path) throw fastcgi::Error{path + " is too long"};
  path.copy(place.sun_path, path.size());
  return connected(path, reinterpret_cast<const sockaddr*>(&place), sizeof place, patience);
}

Socket connect_to_port(const std::string& address, int port, std::chrono::milliseconds patience) {
  const flux::nodes::Address place{address.substr(0, address.rfind(':')), port};
  Socket own = connected(address, place.data(), place.size(), patience);
  const int at_once = 1;
  ::setsockopt(own.descriptor(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  return own;
}

}  // namespace

Socket connect(const std::string& address, std::chrono::milliseconds patience) {
  const int port = port_of(address);
  if (port < 0) return connect_to_path(address, patience);
  try {
    return connect_to_port(address, port, patience);
  } catch (const std::system_error& unknown) {
    throw fastcgi::Error{unknown.what()};
  } catch (const std::invalid_argument& unknown) {
    throw fastcgi::Error{unknown.what()};
  }
}
