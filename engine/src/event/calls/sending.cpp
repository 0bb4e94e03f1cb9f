#include "sending.hpp"

#include "../helpers.hpp"
#include "call.hpp"
#include "vectors.hpp"

namespace flux::event {

namespace {

// Sends as often as it takes. What has been sent when something goes wrong is what is told.
template <class Try>
ssize_t send_whole(int descriptor, std::size_t size, int flags, const char* what,
                   Try attempt) noexcept {
  Patience patience{descriptor, EPOLLOUT, SO_SNDTIMEO, what};
  std::size_t sent = 0;
  const int before = errno;
  while (true) {
    if ((flags & MSG_DONTWAIT) == 0) {
      begin_call(descriptor);
    }
    const ssize_t result = attempt(flags | MSG_DONTWAIT);
    const bool has_failed = result < 0;
    sent += has_failed ? 0 : static_cast<std::size_t>(result);
    const bool goes_on = has_failed
                             ? would_block(errno) && (flags & MSG_DONTWAIT) == 0 && patience.wait()
                             : sent < size && (flags & MSG_DONTWAIT) == 0 && !patience.is_refused();
    if (goes_on) {
      continue;
    }
    if (sent > 0 || !has_failed) {
      errno = before;
      return static_cast<ssize_t>(sent);
    }
    return -1;
  }
}

// Another socket of this machine that takes no more messages tells only those that are connected to
// it when it takes some again. So who sends to it by its name can't wait for an event.
bool is_untold(int descriptor, const msghdr& message) noexcept {
  return message.msg_name != nullptr && message.msg_namelen >= sizeof(sa_family_t) &&
         static_cast<const sockaddr*>(message.msg_name)->sa_family == AF_UNIX &&
         !is_nonblocking(descriptor);
}

}  // namespace

ssize_t send_all(int descriptor, const void* buffer, std::size_t size, int flags,
                 const char* what) noexcept {
  const auto* place = static_cast<const char*>(buffer);
  std::size_t left = size;
  return send_whole(descriptor, size, flags, what, [&](int now) noexcept {
    const ssize_t sent = real::send(descriptor, place, left, now);
    place += sent > 0 ? sent : 0;
    left -= sent > 0 ? static_cast<std::size_t>(sent) : 0;
    return sent;
  });
}

ssize_t send_all(int descriptor, const msghdr& message, int flags, const char* what,
                 std::size_t before) noexcept {
  const std::span<const iovec> vectors{message.msg_iov, message.msg_iovlen};
  Rest rest{vectors};
  msghdr now_sent = message;
  std::size_t done = before;
  rest.skip(before);
  return send_whole(descriptor, size_of(vectors) - before, flags, what, [&](int now) noexcept {
    if (done > 0) {
      const auto shown = rest.shown();
      now_sent.msg_iov = shown.data();
      now_sent.msg_iovlen = shown.size();
      now_sent.msg_control = nullptr;  // it went with the first byte
      now_sent.msg_controllen = 0;
    }
    ssize_t sent = real::sendmsg(descriptor, &now_sent, now);
    if (sent == -1 && would_block(errno) && (flags & MSG_DONTWAIT) == 0 &&
        is_untold(descriptor, message)) {
      run_aside([&]() noexcept { sent = real::sendmsg(descriptor, &message, flags); }, what);
    }
    done += sent > 0 ? static_cast<std::size_t>(sent) : 0;
    rest.skip(sent > 0 ? static_cast<std::size_t>(sent) : 0);
    return sent;
  });
}

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(sending)

FLUX_INTERCEPTED ssize_t send(int descriptor, const void* buffer, size_t size, int flags) {
  return on_fiber() ? send_all(descriptor, buffer, size, flags, "send")
                    : real::send(descriptor, buffer, size, flags);
}

FLUX_INTERCEPTED ssize_t sendmsg(int descriptor, const msghdr* message, int flags) {
  return on_fiber() ? send_all(descriptor, *message, flags, "sendmsg")
                    : real::sendmsg(descriptor, message, flags);
}

FLUX_INTERCEPTED ssize_t sendto(int descriptor, const void* buffer, size_t size, int flags,
                                const sockaddr* address, socklen_t length) {
  if (!on_fiber()) {
    return real::sendto(descriptor, buffer, size, flags, address, length);
  }
  iovec vector{const_cast<void*>(buffer), size};
  msghdr message{};
  message.msg_name = const_cast<sockaddr*>(address);
  message.msg_namelen = length;
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  return send_all(descriptor, message, flags, "sendto");
}
