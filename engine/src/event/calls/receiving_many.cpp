// Receiving several messages by one call.

#include "call.hpp"
#include "polling.hpp"
#include "receiving.hpp"

namespace flux::event {

namespace {

// Without waiting, once the first has come, if the caller wants it so.
bool has_enough(unsigned got, unsigned count, int flags, std::optional<Time> deadline) noexcept {
  return got == count || (got > 0 && (flags & MSG_WAITFORONE) != 0) ||
         (deadline && *deadline <= Clock::now());
}

// As the system does it, the time is looked at only when something has come. Each message has the
// socket's own time-out for itself.
int receive_messages(int descriptor, mmsghdr* messages, unsigned count, int flags,
                     std::optional<Time> deadline) noexcept {
  unsigned got = 0;
  while (true) {
    const int some =
        real::recvmmsg(descriptor, messages + got, count - got, flags | MSG_DONTWAIT, nullptr);
    for (int each = 0; each < some; ++each) {
      renew_received(messages[got + static_cast<unsigned>(each)].msg_hdr);
    }
    got += some > 0 ? static_cast<unsigned>(some) : 0;
    if (some >= 0 && has_enough(got, count, flags, deadline)) {
      return static_cast<int>(got);
    }
    Patience patience{descriptor, EPOLLIN | EPOLLRDHUP, SO_RCVTIMEO, "recvmmsg"};
    if (some < 0 && (!would_block(errno) || (flags & MSG_DONTWAIT) != 0 || !patience.wait())) {
      return got > 0 ? static_cast<int>(got) : -1;
    }
  }
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(receiving_many)

FLUX_INTERCEPTED int recvmmsg(int descriptor, mmsghdr* messages, unsigned count, int flags,
                              timespec* timeout) {
  if (!on_fiber() || count == 0) {
    return real::recvmmsg(descriptor, messages, count, flags, timeout);
  }
  if (timeout != nullptr && !is_time(*timeout)) {
    errno = EINVAL;
    return -1;
  }
  const std::optional<Time> deadline = deadline_in(timeout);
  const int before = errno;
  const int got = receive_messages(descriptor, messages, count, flags, deadline);
  errno = got >= 0 ? before : errno;
  if (got > 0 && timeout != nullptr) {
    const auto left = std::max(*deadline - Clock::now(), Clock::duration::zero());
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(left);
    *timeout = {.tv_sec = whole.count(), .tv_nsec = std::chrono::nanoseconds{left - whole}.count()};
  }
  return got;
}
