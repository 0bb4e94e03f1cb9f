// Names of hosts: libc asks servers and files about them, so a helper thread does.

#include <netdb.h>

#include "../helpers.hpp"
#include "call.hpp"

namespace flux::event {

namespace {

// `h_errno` is a thread's own: the helper's goes to the caller.
template <class Call>
auto resolve(const char* what, Call call) noexcept -> decltype(call()) {
  decltype(call()) result{};
  int error = h_errno;
  run_aside(
      [&]() noexcept {
        h_errno = error;
        result = call();
        error = h_errno;
      },
      what);
  h_errno = error;
  return result;
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(resolving)

FLUX_INTERCEPTED int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                                 addrinfo** result) {
  const auto call = [=] { return real::getaddrinfo(node, service, hints, result); };
  return on_fiber() ? resolve("getaddrinfo", call) : call();
}

FLUX_INTERCEPTED int getnameinfo(const sockaddr* address, socklen_t length, char* host,
                                 socklen_t host_room, char* service, socklen_t service_room,
                                 int flags) {
  const auto call = [=] {
    return real::getnameinfo(address, length, host, host_room, service, service_room, flags);
  };
  constexpr int numeric = NI_NUMERICHOST | NI_NUMERICSERV;  // nobody is asked
  return on_fiber() && (flags & numeric) != numeric ? resolve("getnameinfo", call) : call();
}

FLUX_INTERCEPTED hostent* gethostbyname(const char* name) {
  const auto call = [=] { return real::gethostbyname(name); };
  return on_fiber() ? resolve("gethostbyname", call) : call();
}

FLUX_INTERCEPTED hostent* gethostbyname2(const char* name, int family) {
  const auto call = [=] { return real::gethostbyname2(name, family); };
  return on_fiber() ? resolve("gethostbyname2", call) : call();
}

FLUX_INTERCEPTED int gethostbyname_r(const char* name, hostent* host, char* buffer, size_t size,
                                     hostent** result, int* error) {
  const auto call = [=] { return real::gethostbyname_r(name, host, buffer, size, result, error); };
  return on_fiber() ? resolve("gethostbyname_r", call) : call();
}

FLUX_INTERCEPTED int gethostbyname2_r(const char* name, int family, hostent* host, char* buffer,
                                      size_t size, hostent** result, int* error) {
  const auto call = [=] {
    return real::gethostbyname2_r(name, family, host, buffer, size, result, error);
  };
  return on_fiber() ? resolve("gethostbyname2_r", call) : call();
}

FLUX_INTERCEPTED hostent* gethostbyaddr(const void* address, socklen_t length, int family) {
  const auto call = [=] { return real::gethostbyaddr(address, length, family); };
  return on_fiber() ? resolve("gethostbyaddr", call) : call();
}
