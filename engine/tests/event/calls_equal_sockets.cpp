#include <sys/ioctl.h>
#include <sys/uio.h>

#include "calls_told.hpp"

namespace flux::tests {

namespace {

using Bytes = char*;
using Size = std::size_t;

Told receives(Ends ends, int flags, Size size = 64) {
  return told_bytes([&](Bytes bytes, Size) { return ::recv(ends.here, bytes, size, flags); });
}

Ends with(Ends ends, const std::string& bytes) {
  REQUIRE(::write(ends.there, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  return ends;
}

Ends ended(Ends ends) {
  ends.there.close_now();
  return ends;
}

Ends nonblocking(Ends ends) {
  set_nonblocking(ends.here);
  set_nonblocking(ends.there);
  return ends;
}

// What is there, and then the end.
Told receives_twice(Ends ends) {
  Told first = receives({Owned{::dup(ends.here)}, Owned{}}, 0);
  const Told second = receives(std::move(ends), 0);
  first.bytes += second.bytes + std::to_string(second.result) + std::to_string(second.error);
  return first;
}

Told receives_urgent(bool is_inline) {
  const Ends ends = tcp_ends();
  const int on = is_inline ? 1 : 0;
  ::setsockopt(ends.here, SOL_SOCKET, SO_OOBINLINE, &on, sizeof on);
  REQUIRE(::send(ends.there, "abc", 3, 0) == 3);
  REQUIRE(::send(ends.there, "!", 1, MSG_OOB) == 1);
  REQUIRE(::send(ends.there, "def", 3, 0) == 3);
  std::string all;
  for (int each = 0; each < 3; ++each) {
    const Told some = told_bytes(
        [&](Bytes bytes, Size size) {
          return ::recv(ends.here, bytes, size, each == 1 && !is_inline ? MSG_OOB : 0);
        },
        8);
    int mark = 0;
    ::ioctl(ends.here, SIOCATMARK, &mark);
    all += std::to_string(some.result) + some.bytes + std::to_string(mark) + '|';
    if (all.find("def") != std::string::npos) {
      break;
    }
  }
  return {.bytes = all};
}

Told sends_more_than_fits(int flags) {
  const Ends ends = nonblocking(socket_ends());
  const std::string bytes(10'000'000, 'x');
  Told its = told([&] { return ::send(ends.there, bytes.data(), bytes.size(), flags); });
  its.result = its.result > 0 && its.result < 10'000'000;
  return its;
}

Told sends_to_nobody(int flags) {
  const Ends ends = ended(socket_ends());
  return told([&] { return ::send(ends.here, "x", 1, flags); });
}

Told receives_name() {
  const Owned here = bound(SOCK_DGRAM);
  const Owned there = bound(SOCK_DGRAM);
  const sockaddr_in target = address_of(here);
  REQUIRE(::sendto(there, "bytes", 5, 0, plain(target), sizeof target) == 5);
  sockaddr_in source{};
  socklen_t length = sizeof source;
  Told its = told_bytes([&](Bytes bytes, Size size) {
    return ::recvfrom(here, bytes, size, 0, plain(source), &length);
  });
  its.bytes +=
      std::to_string(length) + std::to_string(source.sin_port == address_of(there).sin_port);
  return its;
}

// Several datagrams wait; each call gets one, in its order, and no more of it than it has room for.
Told receives_datagrams() {
  const Ends ends = socket_ends(SOCK_DGRAM);
  for (const std::string each : {"one", "two-two", "", "four"}) {
    REQUIRE(::send(ends.there, each.data(), each.size(), 0) == static_cast<ssize_t>(each.size()));
  }
  std::string all;
  for (int each = 0; each < 4; ++each) {
    const Told some =
        told_bytes([&](Bytes bytes, Size) { return ::recv(ends.here, bytes, 4, MSG_WAITALL); }, 4);
    all += std::to_string(some.result) + some.bytes;
  }
  return {.bytes = all};
}

Told receives_many(unsigned count, int flags, timespec* timeout) {
  const Ends ends = socket_ends(SOCK_DGRAM);
  REQUIRE(::send(ends.there, "one", 3, 0) == 3);
  REQUIRE(::send(ends.there, "two", 3, 0) == 3);
  std::array<std::array<char, 8>, 4> bytes{};
  std::array<iovec, 4> vectors{};
  std::array<mmsghdr, 4> messages{};
  for (Size each = 0; each < 4; ++each) {
    vectors[each] = {bytes[each].data(), 8};
    messages[each].msg_hdr.msg_iov = &vectors[each];
    messages[each].msg_hdr.msg_iovlen = 1;
  }
  Told its = told([&] { return ::recvmmsg(ends.here, messages.data(), count, flags, timeout); });
  for (Size each = 0; each < 4; ++each) {
    its.bytes += bytes[each].data() + std::to_string(messages[each].msg_len);
  }
  return its;
}

Told sends_many() {
  const Ends ends = socket_ends(SOCK_DGRAM);
  std::array<iovec, 3> vectors{};
  std::array<mmsghdr, 3> messages{};
  std::string bytes = "message";
  for (Size each = 0; each < 3; ++each) {
    vectors[each] = {bytes.data(), each + 1};
    messages[each].msg_hdr.msg_iov = &vectors[each];
    messages[each].msg_hdr.msg_iovlen = 1;
  }
  Told its = told([&] { return ::sendmmsg(ends.there, messages.data(), 3, 0); });
  its.bytes = std::to_string(messages[2].msg_len) + std::to_string(drain(ends.here));
  return its;
}

Told receives_descriptor() {
  const Ends ends = socket_ends();
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  char byte = 'd';
  iovec vector{&byte, 1};
  msghdr message{};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  *header = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
  const int passed = ends.here;
  std::copy_n(reinterpret_cast<const char*>(&passed), sizeof passed,
              reinterpret_cast<char*>(CMSG_DATA(header)));
  REQUIRE(::sendmsg(ends.there, &message, 0) == 1);
  control = {};
  Told its = told([&] { return ::recvmsg(ends.here, &message, MSG_CMSG_CLOEXEC); });
  int got = -1;
  std::copy_n(reinterpret_cast<const char*>(CMSG_DATA(header)), sizeof got,
              reinterpret_cast<char*>(&got));
  const Owned owned{got};
  its.bytes = std::to_string(message.msg_controllen) + (::fcntl(got, F_GETFD) != -1 ? "open" : "");
  return its;
}

Told connects_to(int listener, int socket) {
  const sockaddr_in address = address_of(listener);
  return told([&] { return ::connect(socket, plain(address), sizeof address); });
}

Told connects_to_nobody() {
  const Owned nobody = bound(SOCK_STREAM);
  return connects_to(nobody, Owned{::socket(AF_INET, SOCK_STREAM, 0)});
}

Told connects_again() {
  const Owned listener = listening();
  const Owned socket{::socket(AF_INET, SOCK_STREAM, 0)};
  Told its = connects_to(listener, socket);
  const Told again = connects_to(listener, socket);
  its.bytes = std::to_string(again.result) + " " + std::to_string(again.error);
  return its;
}

Told connects_without_waiting() {
  const Owned listener = listening();
  const Owned socket{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)};
  return connects_to(listener, socket);
}

Told accepts_from(int listener) {
  return told([&] { return ::accept(listener, nullptr, nullptr); });
}

Told accepts_without_waiting() {
  const Owned listener = listening();
  set_nonblocking(listener);
  return accepts_from(listener);
}

// The flag is not the caller's, and must not be left set.
Told accepts_and_keeps_flags() {
  const Owned listener = listening();
  const Owned there = connected_to(listener);
  const Owned here{::accept(listener, nullptr, nullptr)};
  return {.result = ::fcntl(listener, F_GETFL) & O_NONBLOCK,
          .error = ::fcntl(here, F_GETFL) & O_NONBLOCK};
}

constexpr std::array equal_sockets{
    EqualCase{"recv of what is there", [] { return receives(with(socket_ends(), "bytes"), 0); }},
    EqualCase{"recv of less than is there",
              [] { return receives(with(socket_ends(), "bytes"), 0, 2); }},
    EqualCase{"recv that looks ahead",
              [] { return receives(with(socket_ends(), "bytes"), MSG_PEEK); }},
    EqualCase{"recv that doesn't want to wait",
              [] { return receives(socket_ends(), MSG_DONTWAIT); }},
    EqualCase{"recv from a socket that doesn't wait",
              [] { return receives(nonblocking(socket_ends()), 0); }},
    EqualCase{"recv from a TCP socket that doesn't wait",
              [] { return receives(nonblocking(tcp_ends()), 0); }},
    EqualCase{"recv of all from a socket that doesn't wait",
              [] { return receives(nonblocking(with(socket_ends(), "bytes")), MSG_WAITALL); }},
    EqualCase{"recv of all before the end",
              [] { return receives(ended(with(socket_ends(), "bytes")), MSG_WAITALL); }},
    EqualCase{"recv at the end", [] { return receives(ended(socket_ends()), 0); }},
    EqualCase{"recv of nothing", [] { return receives(with(socket_ends(), "bytes"), 0, 0); }},
    EqualCase{"recv of a part of a datagram",
              [] { return receives(with(socket_ends(SOCK_DGRAM), "bytes"), 0, 2); }},
    EqualCase{"recv of the length of a datagram",
              [] { return receives(with(socket_ends(SOCK_DGRAM), "bytes"), MSG_TRUNC, 2); }},
    EqualCase{"recv of several datagrams", receives_datagrams},
    EqualCase{"recv after a peer that closed right after sending",
              [] { return receives_twice(ended(with(tcp_ends(), "bytes"))); }},
    EqualCase{"recv of urgent data", [] { return receives_urgent(false); }},
    EqualCase{"recv of urgent data in its place", [] { return receives_urgent(true); }},
    EqualCase{"recv from a socket that isn't connected",
              [] {
                return receives({Owned{::socket(AF_INET, SOCK_STREAM, 0)}, Owned{}}, 0);
              }},
    EqualCase{"recv from what is no socket", [] { return receives(pipe_ends(), 0); }},
    EqualCase{"recv from what is closed", [] { return receives(Ends{}, 0); }},
    EqualCase{"recvfrom with a name", receives_name},
    EqualCase{"recvmsg with a descriptor", receives_descriptor},
    EqualCase{"recvmmsg of two of two", [] { return receives_many(2, 0, nullptr); }},
    EqualCase{"recvmmsg that waits for one",
              [] { return receives_many(4, MSG_WAITFORONE, nullptr); }},
    EqualCase{"recvmmsg that doesn't want to wait",
              [] { return receives_many(4, MSG_DONTWAIT, nullptr); }},
    EqualCase{"recvmmsg of none", [] { return receives_many(0, 0, nullptr); }},
    EqualCase{"recvmmsg with no time",
              [] {
                timespec none{};
                return receives_many(1, 0, &none);
              }},
    EqualCase{"recvmmsg with a time that is none",
              [] {
                timespec bad{.tv_sec = -1, .tv_nsec = 0};
                return receives_many(1, 0, &bad);
              }},
    EqualCase{"send of more than fits", [] { return sends_more_than_fits(0); }},
    EqualCase{"send that doesn't want to wait", [] { return sends_more_than_fits(MSG_DONTWAIT); }},
    EqualCase{"send to nobody", [] { return sends_to_nobody(0); }},
    EqualCase{"send to nobody without a signal", [] { return sends_to_nobody(MSG_NOSIGNAL); }},
    EqualCase{"send to what is closed", [] { return told([] { return ::send(-1, "x", 1, 0); }); }},
    EqualCase{"sendmmsg of three", sends_many},
    EqualCase{"connect to nobody", connects_to_nobody},
    EqualCase{"connect twice", connects_again},
    EqualCase{"connect that doesn't wait", connects_without_waiting},
    EqualCase{"connect of what is closed",
              [] {
                const sockaddr_in address = any_port();
                return told([&] { return ::connect(-1, plain(address), sizeof address); });
              }},
    EqualCase{"accept that doesn't wait", accepts_without_waiting},
    EqualCase{"accept keeps flags", accepts_and_keeps_flags},
    EqualCase{"accept where nobody listens", [] { return accepts_from(bound(SOCK_STREAM)); }},
    EqualCase{"accept from what is no socket", [] { return accepts_from(pipe_ends().here); }},
};

}  // namespace

std::span<const EqualCase> equal_socket_cases() { return equal_sockets; }

}  // namespace flux::tests
