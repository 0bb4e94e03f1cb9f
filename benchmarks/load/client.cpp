#include "client.hpp"

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace load {

namespace {

// How long ago the system had what was read; 0 if it doesn't say.
Clock::duration age_of(msghdr& message) {
  for (auto* each = CMSG_FIRSTHDR(&message); each != nullptr; each = CMSG_NXTHDR(&message, each)) {
    if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec then{};
    timespec now{};
    std::memcpy(&then, CMSG_DATA(each), sizeof then);
    ::clock_gettime(CLOCK_REALTIME, &now);
    const auto age = std::chrono::seconds{now.tv_sec - then.tv_sec} +
                     std::chrono::nanoseconds{now.tv_nsec - then.tv_nsec};
    return std::max(std::chrono::duration_cast<Clock::duration>(age), Clock::duration::zero());
  }
  return Clock::duration::zero();
}

}  // namespace

void Client::connect(int epoll, const sockaddr_in& address) {
  descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) throw Failed{Failure::connect};
  replies_ = 0;
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(descriptor_, generic, sizeof address) != 0 && errno != EINPROGRESS) {
    throw Failed{Failure::connect};
  }
  epoll_event event{EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, {.ptr = this}};
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor_, &event) != 0) throw Failed{Failure::connect};
}

void Client::ask(const Target& target, const Check& check, Clock::time_point due) {
  due_ = due;
  unsent_ = target.request;
  reply_.await(target, check);
  waiting_ = true;
  send();
}

bool Client::go_on(bool finished) {
  if (!unsent_.empty()) send();
  return receive(finished);
}

void Client::close() {
  if (is_open()) ::close(descriptor_);
  descriptor_ = -1;
  waiting_ = false;
}

// While the connection is being made, there is no room yet.
void Client::send() {
  const auto sent = ::send(descriptor_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
  if (sent >= 0) {
    unsent_.remove_prefix(static_cast<std::size_t>(sent));
  } else if (errno != EAGAIN) {
    throw Failed{errno == ECONNREFUSED ? Failure::connect : Failure::broken};
  }
}

// Until there is less than there was room for: the next bytes come with an edge of their own, but
// the end came with this one. What nobody looks at, the kernel drops instead of copying it.
bool Client::receive(bool finished) {
  static std::array<char, 256 * 1024> buffer;
  for (;;) {
    const auto unseen = reply_.unseen();
    const auto piece = reply_.piece() == 0 ? buffer.size() : reply_.piece();
    const auto room = unseen > 0 ? unseen : piece;
    const auto got = take(buffer.data(), room, unseen > 0 ? MSG_TRUNC : 0);
    if (got < 0 && errno == EAGAIN) return false;
    if (got <= 0) throw Failed{Failure::broken};
    const auto size = static_cast<std::size_t>(got);
    if (unseen > 0 ? reply_.skip(size) : reply_.take({buffer.data(), size})) {
      waiting_ = false;
      ++replies_;
      return true;
    }
    if (!finished && size < room) return false;
  }
}

// As recv(2). The system's stamp is of the clock that tells the date, so its age is what counts.
ssize_t Client::take(char* buffer, std::size_t room, int flags) {
  alignas(cmsghdr) std::array<char, 256> control;
  iovec piece{buffer, room};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const auto got = ::recvmsg(descriptor_, &message, flags);
  if (got <= 0) return got;
  replied_ = Clock::now() - age_of(message);
  return got;
}

}  // namespace load
