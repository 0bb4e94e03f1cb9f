// Sending several messages by one call.

#include <algorithm>

#include "call.hpp"
#include "sending.hpp"
#include "vectors.hpp"

namespace flux::event {

namespace {

std::size_t size_of_message(const msghdr& message) noexcept {
  return size_of(std::span<const iovec>{message.msg_iov, message.msg_iovlen});
}

// Send what is left of a message; whether that was possible.
bool finish(int descriptor, mmsghdr& message, std::size_t before, int flags) noexcept {
  const ssize_t sent = send_all(descriptor, message.msg_hdr, flags, "sendmmsg", before);
  if (sent >= 0) {
    message.msg_len = static_cast<unsigned>(before + static_cast<std::size_t>(sent));
  }
  return sent >= 0;
}

// As many as can be sent without waiting, and then the next, with patience.
int send_some(int descriptor, mmsghdr* messages, unsigned count, int flags) noexcept {
  const int sent = real::sendmmsg(descriptor, messages, count, flags | MSG_DONTWAIT);
  if (sent <= 0) {
    return sent == -1 && !would_block(errno)         ? -1
           : finish(descriptor, *messages, 0, flags) ? 1
                                                     : -1;
  }
  mmsghdr& last = messages[sent - 1];
  if (last.msg_len < size_of_message(last.msg_hdr)) {
    finish(descriptor, last, last.msg_len, flags);
  }
  return sent;
}

int send_messages(int descriptor, mmsghdr* messages, unsigned count, int flags) noexcept {
  constexpr unsigned most = 1024;  // the system's limit
  const unsigned wanted = std::min(count, most);
  unsigned sent = 0;
  const int before = errno;
  while (sent < wanted) {
    const int some = send_some(descriptor, messages + sent, wanted - sent, flags);
    if (some <= 0) {
      return sent > 0 ? (errno = before, static_cast<int>(sent)) : some;
    }
    sent += static_cast<unsigned>(some);
    const mmsghdr& last = messages[sent - 1];
    if (last.msg_len < size_of_message(last.msg_hdr)) {
      break;
    }
  }
  errno = before;
  return static_cast<int>(sent);
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(sending_many)

FLUX_INTERCEPTED int sendmmsg(int descriptor, mmsghdr* messages, unsigned count, int flags) {
  return on_fiber() && count > 0 && (flags & MSG_DONTWAIT) == 0
             ? send_messages(descriptor, messages, count, flags)
             : real::sendmmsg(descriptor, messages, count, flags);
}
