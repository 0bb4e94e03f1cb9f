// `epoll_wait` on an epoll of the program's own. It is a descriptor, too: the loop waits for that.

#include <array>

#include "call.hpp"
#include "polling.hpp"

namespace flux::event {

namespace {

// What is there; no events if there are none yet. `epoll_pwait` that doesn't wait lets no signals
// in, but `ppoll` does.
int events_of(int epoll, epoll_event* events, int room, const sigset_t* mask) noexcept {
  const int count = real::epoll_wait(epoll, events, room, 0);
  if (count != 0 || mask == nullptr) {
    return count;
  }
  constexpr timespec at_once{};
  pollfd polled{.fd = epoll, .events = POLLIN, .revents = 0};
  return real::ppoll(&polled, 1, &at_once, mask) == -1 ? -1 : 0;
}

int epoll_until(int epoll, epoll_event* events, int room, std::optional<Time> deadline,
                const char* what, const sigset_t* mask) noexcept {
  const Admitted admitted{mask};
  while (true) {
    const int count = events_of(epoll, events, room, mask);
    if (count != 0 || (deadline && *deadline <= Clock::now())) {
      return count;
    }
    std::array<Interest, 2> interests{};
    interests[0] = {.descriptor = epoll, .wanted = EPOLLIN};
    interests[1] = {.descriptor = admitted.descriptor(), .wanted = EPOLLIN};
    Loop& loop = *Loop::current();
    Waiting waiting{loop, *loop.running()};
    const std::span<Interest> waited{interests.data(), admitted.descriptor() != -1 ? 2U : 1U};
    const Woken woken = waiting.wait(waited, deadline, what, true);
    if (woken == Woken::closed || (woken == Woken::interrupted && signals_interrupt(true))) {
      errno = woken == Woken::closed ? EBADF : EINTR;
      return -1;
    }
  }
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(epolling)

FLUX_INTERCEPTED int epoll_pwait(int epoll, epoll_event* events, int room, int timeout,
                                 const sigset_t* mask) {
  if (!on_fiber() || timeout == 0) {
    return real::epoll_pwait(epoll, events, room, timeout, mask);
  }
  const auto deadline =
      timeout < 0 ? std::nullopt : std::optional{Clock::now() + std::chrono::milliseconds{timeout}};
  return keeping_errno(
      [&]() noexcept { return epoll_until(epoll, events, room, deadline, "epoll_wait", mask); });
}

FLUX_INTERCEPTED int epoll_wait(int epoll, epoll_event* events, int room, int timeout) {
  return on_fiber() ? epoll_pwait(epoll, events, room, timeout, nullptr)
                    : real::epoll_wait(epoll, events, room, timeout);
}

FLUX_INTERCEPTED int epoll_pwait2(int epoll, epoll_event* events, int room, const timespec* timeout,
                                  const sigset_t* mask) {
  if (!on_fiber() || (timeout != nullptr && !is_time(*timeout))) {
    return real::epoll_pwait2(epoll, events, room, timeout, mask);
  }
  return keeping_errno([&]() noexcept {
    return epoll_until(epoll, events, room, deadline_in(timeout), "epoll_pwait2", mask);
  });
}
