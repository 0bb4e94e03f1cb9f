#include "receiving.hpp"

#include <algorithm>
#include <cstring>

#include "../files.hpp"
#include "call.hpp"
#include "vectors.hpp"

namespace flux::event {

namespace {

// Whether the loop knows that there is nothing to read.
bool is_drained(int descriptor) noexcept {
  const Descriptor* const known = Loop::current()->descriptors().known(descriptor);
  return known != nullptr && known->is_tcp && !known->may_read && !known->is_special;
}

void has_drained(int descriptor) noexcept {
  if (Descriptor* const known = Loop::current()->descriptors().known(descriptor)) {
    known->may_read = false;
  }
}

// Of a message MSG_WAITALL wants no more than there is.
bool is_stream(int descriptor) noexcept {
  int type = 0;
  socklen_t size = sizeof type;
  return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

// Receives as often as it takes.
class Receiving {
 public:
  Receiving(int descriptor, int flags, const char* what) noexcept
      : descriptor_{descriptor},
        flags_{flags},
        patience_{descriptor, EPOLLIN | EPOLLRDHUP, SO_RCVTIMEO, what} {}

  template <class Try>
  ssize_t run(std::size_t size, Try attempt) noexcept {
    return keeping_errno([&]() noexcept { return all(size, attempt); });
  }

 private:
  static constexpr int tells_nothing = MSG_PEEK | MSG_OOB | MSG_ERRQUEUE | MSG_TRUNC;

  bool may_wait() const noexcept { return (flags_ & (MSG_DONTWAIT | MSG_ERRQUEUE)) == 0; }
  bool wants_all() const noexcept {
    return (flags_ & MSG_WAITALL) != 0 && (flags_ & (tells_nothing | MSG_DONTWAIT)) == 0 &&
           is_stream(descriptor_);
  }

  // All of it, if the caller wants that.
  template <class Try>
  ssize_t all(std::size_t size, Try attempt) noexcept {
    std::size_t got = 0;
    while (true) {
      const ssize_t result = some(size - got, attempt);
      if (result <= 0) {
        return got > 0 ? static_cast<ssize_t>(got) : result;
      }
      got += static_cast<std::size_t>(result);
      if (got >= size || !wants_all()) {
        return static_cast<ssize_t>(got);
      }
    }
  }

  // What is there, after a wait for it.
  template <class Try>
  ssize_t some(std::size_t size, Try attempt) noexcept {
    if (may_wait()) {
      begin_call(descriptor_);
    }
    if (may_wait() && is_drained(descriptor_) && !patience_.is_refused() && !patience_.wait()) {
      return -1;
    }
    while (true) {
      const ssize_t result = attempt(flags_ | MSG_DONTWAIT);
      if (result > 0 && static_cast<std::size_t>(result) < size && (flags_ & tells_nothing) == 0) {
        has_drained(descriptor_);
      }
      if (result >= 0 || !would_block(errno) || !may_wait() || !patience_.wait()) {
        return result;
      }
    }
  }

  int descriptor_;
  int flags_;
  Patience patience_;
};

}  // namespace

void renew_received(msghdr& message) noexcept {
  if (message.msg_controllen == 0) {
    return;
  }
  for (cmsghdr* each = CMSG_FIRSTHDR(&message); each != nullptr;
       each = CMSG_NXTHDR(&message, each)) {
    if (each->cmsg_level == SOL_SOCKET && each->cmsg_type == SCM_RIGHTS) {
      for (std::size_t at = CMSG_LEN(0); at + sizeof(int) <= each->cmsg_len; at += sizeof(int)) {
        int descriptor = -1;
        std::memcpy(&descriptor, reinterpret_cast<char*>(each) + at, sizeof descriptor);
        renew(descriptor);
      }
    }
  }
}

ssize_t receive(int descriptor, void* buffer, std::size_t size, int flags,
                const char* what) noexcept {
  auto* place = static_cast<char*>(buffer);
  std::size_t left = size;
  return Receiving{descriptor, flags, what}.run(size, [&](int now) noexcept {
    const ssize_t got = real::recv(descriptor, place, left, now);
    place += got > 0 ? got : 0;
    left -= got > 0 ? std::min(left, static_cast<std::size_t>(got)) : 0;  // MSG_TRUNC tells more
    return got;
  });
}

ssize_t receive(int descriptor, msghdr& message, int flags, const char* what) noexcept {
  const std::span<const iovec> vectors{message.msg_iov, message.msg_iovlen};
  Rest rest{vectors};
  const msghdr before = message;
  bool has_begun = false;
  const ssize_t got =
      Receiving{descriptor, flags, what}.run(size_of(vectors), [&](int now) noexcept {
        message = before;
        if (has_begun) {
          const auto shown = rest.shown();
          message.msg_iov = shown.data();
          message.msg_iovlen = shown.size();
        }
        const ssize_t some = real::recvmsg(descriptor, &message, now);
        has_begun = has_begun || some > 0;
        rest.skip(some > 0 ? static_cast<std::size_t>(some) : 0);
        return some;
      });
  message.msg_iov = before.msg_iov;
  message.msg_iovlen = before.msg_iovlen;
  if (got >= 0) {
    renew_received(message);
  }
  return got;
}

ssize_t receive_from(int descriptor, void* buffer, std::size_t size, int flags, sockaddr* address,
                     socklen_t* length) noexcept {
  const socklen_t room = length != nullptr ? *length : 0;
  auto* place = static_cast<char*>(buffer);
  std::size_t left = size;
  return Receiving{descriptor, flags, "recvfrom"}.run(size, [&](int now) noexcept {
    if (length != nullptr) {
      *length = room;
    }
    const ssize_t got = real::recvfrom(descriptor, place, left, now, address, length);
    place += got > 0 ? got : 0;
    left -= got > 0 ? std::min(left, static_cast<std::size_t>(got)) : 0;
    return got;
  });
}

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(receiving)

FLUX_INTERCEPTED ssize_t recv(int descriptor, void* buffer, size_t size, int flags) {
  return on_fiber() ? receive(descriptor, buffer, size, flags, "recv")
                    : real::recv(descriptor, buffer, size, flags);
}

FLUX_INTERCEPTED ssize_t __recv_chk(int descriptor, void* buffer, size_t size, size_t room,
                                    int flags) {
  check_room(size, room);
  return recv(descriptor, buffer, size, flags);
}

FLUX_INTERCEPTED ssize_t recvfrom(int descriptor, void* buffer, size_t size, int flags,
                                  sockaddr* address, socklen_t* length) {
  return on_fiber() ? receive_from(descriptor, buffer, size, flags, address, length)
                    : real::recvfrom(descriptor, buffer, size, flags, address, length);
}

FLUX_INTERCEPTED ssize_t __recvfrom_chk(int descriptor, void* buffer, size_t size, size_t room,
                                        int flags, sockaddr* address, socklen_t* length) {
  check_room(size, room);
  return recvfrom(descriptor, buffer, size, flags, address, length);
}

FLUX_INTERCEPTED ssize_t recvmsg(int descriptor, msghdr* message, int flags) {
  return on_fiber() ? receive(descriptor, *message, flags, "recvmsg")
                    : real::recvmsg(descriptor, message, flags);
}
