// Taking connections, and making them.

#include "../files.hpp"
#include "../helpers.hpp"
#include "call.hpp"

namespace flux::event {

namespace {

bool has_subscriber(int descriptor) noexcept {
  const Descriptor* const known = Loop::current()->descriptors().known(descriptor);
  return known != nullptr && known->subscriber != 0;
}

int accept_on_fiber(int descriptor, sockaddr* address, socklen_t* length, int flags,
                    const char* what) noexcept {
  const int status = has_subscriber(descriptor) ? O_NONBLOCK : real::fcntl(descriptor, F_GETFL);
  if (status == -1 || (status & O_NONBLOCK) != 0) {
    return real::accept4(descriptor, address, length, flags);
  }
  const socklen_t room = length != nullptr ? *length : 0;
  return until_done({descriptor, EPOLLIN, SO_RCVTIMEO, what}, [&]() noexcept {
    if (length != nullptr) {
      *length = room;
    }
    return without_waiting(descriptor, status, [&]() noexcept {
      return real::accept4(descriptor, address, length, flags);
    });
  });
}

// The queue of a socket of this machine is full, and nobody would tell when it isn't any more.
int connect_aside(int descriptor, const sockaddr* address, socklen_t length) noexcept {
  int result = -1;
  run_aside([&]() noexcept { result = real::connect(descriptor, address, length); }, "connect");
  return result;
}

bool is_under_way(int error) noexcept { return error == EINPROGRESS || error == EALREADY; }

// The call is made again when the socket has changed. So the kernel itself says how it went, and
// takes note that this was told: afterwards the socket is in the state that a plain call leaves.
int connect_on_fiber(int descriptor, int status, const sockaddr* address,
                     socklen_t length) noexcept {
  Patience patience{descriptor, EPOLLOUT, SO_SNDTIMEO, "connect"};
  int first = 0;
  while (true) {
    const int result = without_waiting(
        descriptor, status, [&]() noexcept { return real::connect(descriptor, address, length); });
    if (result == 0 || (errno == EISCONN && first != 0)) {
      return 0;
    }
    if (errno == EAGAIN && address->sa_family == AF_UNIX) {
      return connect_aside(descriptor, address, length);
    }
    first = first == 0 ? errno : first;
    if (!is_under_way(errno) || !patience.wait(first)) {
      return -1;
    }
  }
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(connecting)

FLUX_INTERCEPTED int accept(int descriptor, sockaddr* address, socklen_t* length) {
  const int accepted = on_fiber() ? accept_on_fiber(descriptor, address, length, 0, "accept")
                                  : real::accept(descriptor, address, length);
  renew(accepted);
  return accepted;
}

FLUX_INTERCEPTED int accept4(int descriptor, sockaddr* address, socklen_t* length, int flags) {
  const int accepted = on_fiber() ? accept_on_fiber(descriptor, address, length, flags, "accept4")
                                  : real::accept4(descriptor, address, length, flags);
  renew(accepted);
  return accepted;
}

FLUX_INTERCEPTED int connect(int descriptor, const sockaddr* address, socklen_t length) {
  if (!on_fiber()) {
    return real::connect(descriptor, address, length);
  }
  const int status = real::fcntl(descriptor, F_GETFL);
  if (status == -1 || (status & O_NONBLOCK) != 0) {
    return real::connect(descriptor, address, length);
  }
  return keeping_errno(
      [&]() noexcept { return connect_on_fiber(descriptor, status, address, length); });
}
