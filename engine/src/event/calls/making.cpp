// What makes descriptors. None of them waits; but a number may be known from a file that was closed
// where the engine couldn't see it, inside libc or by the kernel.

#include "../files.hpp"
#include "call.hpp"

namespace flux::event {

namespace {

int made(int descriptor) noexcept {
  renew(descriptor);
  return descriptor;
}

int made(int result, const int* both) noexcept {
  if (result == 0) {
    renew(both[0]);
    renew(both[1]);
  }
  return result;
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(making)

FLUX_INTERCEPTED int socket(int domain, int type, int protocol) noexcept {
  return made(real::socket(domain, type, protocol));
}

FLUX_INTERCEPTED int socketpair(int domain, int type, int protocol, int both[2]) noexcept {
  return made(real::socketpair(domain, type, protocol, both), both);
}

FLUX_INTERCEPTED int pipe(int both[2]) noexcept { return made(real::pipe(both), both); }

FLUX_INTERCEPTED int pipe2(int both[2], int flags) noexcept {
  return made(real::pipe2(both, flags), both);
}

FLUX_INTERCEPTED int eventfd(unsigned count, int flags) noexcept {
  return made(real::eventfd(count, flags));
}

FLUX_INTERCEPTED int timerfd_create(clockid_t clock, int flags) noexcept {
  return made(real::timerfd_create(clock, flags));
}

FLUX_INTERCEPTED int signalfd(int descriptor, const sigset_t* mask, int flags) noexcept {
  const int result = real::signalfd(descriptor, mask, flags);
  return descriptor == -1 ? made(result) : result;
}

FLUX_INTERCEPTED int inotify_init() noexcept { return made(real::inotify_init()); }

FLUX_INTERCEPTED int inotify_init1(int flags) noexcept { return made(real::inotify_init1(flags)); }

FLUX_INTERCEPTED int epoll_create(int size) noexcept { return made(real::epoll_create(size)); }

FLUX_INTERCEPTED int epoll_create1(int flags) noexcept { return made(real::epoll_create1(flags)); }

FLUX_INTERCEPTED int dup(int descriptor) noexcept { return made(real::dup(descriptor)); }
