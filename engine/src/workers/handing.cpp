#include "handing.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace flux::workers {

namespace {

// Room for one descriptor beside an error's number.
struct Envelope {
  explicit Envelope(int& error) noexcept : part{&error, sizeof error} {
    head.msg_iov = &part;
    head.msg_iovlen = 1;
    head.msg_control = room.data();
    head.msg_controllen = room.size();
  }

  iovec part;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> room{};
  msghdr head{};
};

}  // namespace

bool send_answer(int line, int error, int descriptor) noexcept {
  Envelope envelope{error};
  if (error == 0) {
    cmsghdr* const item = CMSG_FIRSTHDR(&envelope.head);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(sizeof descriptor);
    std::memcpy(CMSG_DATA(item), &descriptor, sizeof descriptor);
  } else {
    envelope.head.msg_controllen = 0;
  }
  return sendmsg(line, &envelope.head, MSG_NOSIGNAL) >= 0;
}

Answer receive_answer(int line) noexcept {
  Answer answer;
  Envelope envelope{answer.error};
  ssize_t size = 0;
  do {
    size = recvmsg(line, &envelope.head, MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  if (size <= 0) {
    answer.error = EPIPE;
  } else if (const cmsghdr* const item = CMSG_FIRSTHDR(&envelope.head)) {
    int descriptor = -1;
    std::memcpy(&descriptor, CMSG_DATA(item), sizeof descriptor);
    answer.descriptor = nodes::detail::Descriptor(descriptor);
  }
  return answer;
}

}  // namespace flux::workers
