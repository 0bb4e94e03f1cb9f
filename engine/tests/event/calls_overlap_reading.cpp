#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include <array>

#include "calls_overlap.hpp"
#include "calls_support.hpp"

extern "C" {
ssize_t __read_chk(int, void*, size_t, size_t);
ssize_t __recv_chk(int, void*, size_t, size_t, int);
ssize_t __recvfrom_chk(int, void*, size_t, size_t, int, sockaddr*, socklen_t*);
ssize_t __pread_chk(int, void*, size_t, off_t, size_t);
ssize_t __pread64_chk(int, void*, size_t, off64_t, size_t);
}

namespace flux::tests {

namespace {

// A call that waits for four bytes, which the other fiber sends.
template <class Call>
void gets(Ends ends, Call call) {
  std::array<char, 8> bytes{};
  overlap([&] { CHECK(call(ends.here, bytes.data(), bytes.size()) == 4); },
          [&] { CHECK(::write(ends.there, "four", 4) == 4); });
  CHECK(std::string{bytes.data()} == "four");
}

// A call that a helper thread makes, while other fibers run. Files of memory have no way to ask
// what is there.
template <class Call>
void gets_at_place(Call call) {
  const Owned file{::memfd_create("flux", 0)};
  std::array<char, 8> bytes{};
  REQUIRE(::write(file, "before four", 11) == 11);
  overlap([&] { CHECK(call(file, bytes.data(), bytes.size()) == 4); }, [] {});
  CHECK(std::string{bytes.data()} == "four");
}

constexpr off_t place = 7;

ssize_t by_readv(int descriptor, char* bytes, std::size_t size) {
  const std::array<iovec, 2> vectors{iovec{bytes, 1}, iovec{bytes + 1, size - 1}};
  return ::readv(descriptor, vectors.data(), 2);
}

ssize_t by_recvmsg(int descriptor, char* bytes, std::size_t size) {
  iovec vector{bytes, size};
  msghdr message{};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  return ::recvmsg(descriptor, &message, 0);
}

ssize_t by_recvmmsg(int descriptor, char* bytes, std::size_t size) {
  iovec vector{bytes, size};
  mmsghdr message{};
  message.msg_hdr.msg_iov = &vector;
  message.msg_hdr.msg_iovlen = 1;
  return ::recvmmsg(descriptor, &message, 1, 0, nullptr) == 1 ? message.msg_len : -1;
}

ssize_t by_preadv(int descriptor, char* bytes, std::size_t size) {
  const iovec vector{bytes, size};
  return ::preadv(descriptor, &vector, 1, place);
}

ssize_t by_preadv64(int descriptor, char* bytes, std::size_t size) {
  const iovec vector{bytes, size};
  return ::preadv64(descriptor, &vector, 1, place);
}

using Bytes = char*;
using Size = std::size_t;

constexpr std::array overlap_reading{
    OverlapCase{"read", [] { gets(pipe_ends(), ::read); }},
    OverlapCase{"read", [] { gets(socket_ends(), ::read); }},
    OverlapCase{"read", [] { gets(tcp_ends(), ::read); }},
    OverlapCase{"__read_chk",
                [] {
                  gets(pipe_ends(), [](int its, Bytes bytes, Size size) {
                    return __read_chk(its, bytes, size, size);
                  });
                }},
    OverlapCase{"readv", [] { gets(pipe_ends(), by_readv); }},
    OverlapCase{"readv", [] { gets(socket_ends(), by_readv); }},
    OverlapCase{"recv",
                [] {
                  gets(socket_ends(),
                       [](int its, Bytes bytes, Size size) { return ::recv(its, bytes, size, 0); });
                }},
    OverlapCase{"__recv_chk",
                [] {
                  gets(socket_ends(), [](int its, Bytes bytes, Size size) {
                    return __recv_chk(its, bytes, size, size, 0);
                  });
                }},
    OverlapCase{"recvfrom",
                [] {
                  gets(socket_ends(SOCK_DGRAM), [](int its, Bytes bytes, Size size) {
                    return ::recvfrom(its, bytes, size, 0, nullptr, nullptr);
                  });
                }},
    OverlapCase{"__recvfrom_chk",
                [] {
                  gets(socket_ends(SOCK_DGRAM), [](int its, Bytes bytes, Size size) {
                    return __recvfrom_chk(its, bytes, size, size, 0, nullptr, nullptr);
                  });
                }},
    OverlapCase{"recvmsg", [] { gets(socket_ends(), by_recvmsg); }},
    OverlapCase{"recvmmsg", [] { gets(socket_ends(SOCK_DGRAM), by_recvmmsg); }},
    OverlapCase{"pread",
                [] {
                  gets_at_place([](int its, Bytes bytes, Size size) {
                    return ::pread(its, bytes, size, place);
                  });
                }},
    OverlapCase{"pread64",
                [] {
                  gets_at_place([](int its, Bytes bytes, Size size) {
                    return ::pread64(its, bytes, size, place);
                  });
                }},
    OverlapCase{"__pread_chk",
                [] {
                  gets_at_place([](int its, Bytes bytes, Size size) {
                    return __pread_chk(its, bytes, size, place, size);
                  });
                }},
    OverlapCase{"__pread64_chk",
                [] {
                  gets_at_place([](int its, Bytes bytes, Size size) {
                    return __pread64_chk(its, bytes, size, place, size);
                  });
                }},
    OverlapCase{"preadv", [] { gets_at_place(by_preadv); }},
    OverlapCase{"preadv64", [] { gets_at_place(by_preadv64); }},
};

}  // namespace

std::span<const OverlapCase> reading_cases() { return overlap_reading; }

}  // namespace flux::tests
