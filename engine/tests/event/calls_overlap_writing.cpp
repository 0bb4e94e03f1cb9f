#include <sched.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>

#include <array>

#include "calls_overlap.hpp"
#include "calls_support.hpp"

namespace flux::tests {

namespace {

// A call that waits for room, which the other fiber makes.
template <class Call>
void sends(Ends ends, Call call) {
  fill(ends.there);
  bool is_sent = false;
  overlap(
      [&] {
        CHECK(call(ends.there, "four", 4) == 4);
        is_sent = true;
      },
      [&] {
        while (!is_sent) {
          drain(ends.here);
          ::sched_yield();
        }
      });
  ends.there.close_now();
  CHECK(all_from(ends.here).ends_with("four"));
}

iovec vector_of(const char* bytes, std::size_t size) { return {const_cast<char*>(bytes), size}; }

ssize_t by_writev(int descriptor, const char* bytes, std::size_t size) {
  const std::array<iovec, 2> vectors{vector_of(bytes, 1), vector_of(bytes + 1, size - 1)};
  return ::writev(descriptor, vectors.data(), 2);
}

ssize_t by_send(int descriptor, const char* bytes, std::size_t size) {
  return ::send(descriptor, bytes, size, 0);
}

ssize_t by_sendto(int descriptor, const char* bytes, std::size_t size) {
  return ::sendto(descriptor, bytes, size, 0, nullptr, 0);
}

ssize_t by_sendmsg(int descriptor, const char* bytes, std::size_t size) {
  iovec vector = vector_of(bytes, size);
  msghdr message{};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  return ::sendmsg(descriptor, &message, 0);
}

ssize_t by_sendmmsg(int descriptor, const char* bytes, std::size_t size) {
  iovec vector = vector_of(bytes, size);
  mmsghdr message{};
  message.msg_hdr.msg_iov = &vector;
  message.msg_hdr.msg_iovlen = 1;
  return ::sendmmsg(descriptor, &message, 1, 0) == 1 ? message.msg_len : -1;
}

ssize_t by_sendfile(int descriptor, const char* bytes, std::size_t size) {
  const Owned file = file_of(std::string{bytes, size});
  return ::sendfile(descriptor, file, nullptr, size);
}

ssize_t by_sendfile64(int descriptor, const char* bytes, std::size_t size) {
  const Owned file = file_of("--" + std::string{bytes, size});
  off64_t offset = 2;
  return ::sendfile64(descriptor, file, &offset, size);
}

// To a socket that is full, by its name.
void sends_by_name() {
  const Owned target{::socket(AF_UNIX, SOCK_DGRAM, 0)};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  auto* const name = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  REQUIRE(::bind(target, name, sizeof(sa_family_t)) == 0);
  REQUIRE(::getsockname(target, name, &size) == 0);
  const Owned source{::socket(AF_UNIX, SOCK_DGRAM, 0)};
  while (::sendto(source, "x", 1, MSG_DONTWAIT, name, size) == 1) {
  }
  overlap([&] { CHECK(::sendto(source, "four", 4, 0, name, size) == 4); },
          [&] { CHECK(drain(target) > 0); });
}

constexpr std::array overlap_writing{
    OverlapCase{"write", [] { sends(pipe_ends(), ::write); }},
    OverlapCase{"write", [] { sends(fifo_ends(), ::write); }},
    OverlapCase{"write", [] { sends(socket_ends(), ::write); }},
    OverlapCase{"write", [] { sends(tcp_ends(), ::write); }},
    OverlapCase{"writev", [] { sends(pipe_ends(), by_writev); }},
    OverlapCase{"writev", [] { sends(socket_ends(), by_writev); }},
    OverlapCase{"send", [] { sends(socket_ends(), by_send); }},
    OverlapCase{"sendto", [] { sends(socket_ends(), by_sendto); }},
    OverlapCase{"sendto", sends_by_name},
    OverlapCase{"sendmsg", [] { sends(socket_ends(), by_sendmsg); }},
    OverlapCase{"sendmmsg", [] { sends(socket_ends(), by_sendmmsg); }},
    OverlapCase{"sendfile", [] { sends(socket_ends(), by_sendfile); }},
    OverlapCase{"sendfile", [] { sends(pipe_ends(), by_sendfile); }},
    OverlapCase{"sendfile64", [] { sends(tcp_ends(), by_sendfile64); }},
};

}  // namespace

std::span<const OverlapCase> writing_cases() { return overlap_writing; }

}  // namespace flux::tests
