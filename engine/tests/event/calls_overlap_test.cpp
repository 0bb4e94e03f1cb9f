#include "calls_overlap.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

namespace flux::tests {

namespace {

// What engine.md lists for C++ programs, with the forms for large files and fortified ones.
constexpr std::array<std::string_view, 77> intercepted{
    "read", "__read_chk", "readv", "recv", "__recv_chk", "recvfrom", "__recvfrom_chk", "recvmsg",
    "recvmmsg", "write", "writev", "send", "sendto", "sendmsg", "sendmmsg", "sendfile",
    "sendfile64", "accept", "accept4", "connect", "poll", "__poll_chk", "ppoll", "__ppoll_chk",
    "select", "pselect", "epoll_wait", "epoll_pwait", "epoll_pwait2", "sleep", "usleep",
    "nanosleep", "clock_nanosleep", "sched_yield", "close", "close_range", "closefrom", "fclose",
    "shutdown", "dup2", "dup3", "fcntl", "fcntl64", "pread", "pread64", "__pread_chk",
    "__pread64_chk", "preadv", "preadv64", "open", "open64", "openat", "openat64", "creat",
    "creat64", "fsync", "fdatasync", "flock", "wait", "waitpid", "wait3", "wait4", "waitid",
    "fdopen", "getaddrinfo", "getnameinfo", "gethostbyname", "gethostbyname2", "gethostbyname_r",
    "gethostbyname2_r", "gethostbyaddr",
    // These never wait, and are the plain calls: what they set is asked of the kernel, and files
    // are written in place.
    "-ioctl", "-setsockopt", "-pwrite", "-pwrite64", "-pwritev", "-pwritev64"};

std::array<std::span<const OverlapCase>, 6> overlap_cases() {
  return {reading_cases(), writing_cases(), connecting_cases(),
          polling_cases(), file_cases(),    other_cases()};
}

bool has_case(std::string_view call) {
  for (const auto cases : overlap_cases()) {
    if (std::ranges::any_of(cases, [&](const OverlapCase& each) { return each.call == call; })) {
      return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("each call that waits has a case in which two fibers overlap") {
  for (const std::string_view call : intercepted) {
    INFO(std::string{call});
    CHECK((call.starts_with('-') || has_case(call)));
  }
}

TEST_CASE("while one fiber waits in a call another one runs") {
  std::map<std::string, int> known;
  for (const auto cases : overlap_cases()) {
    for (const OverlapCase& each : cases) {
      std::string name = each.call;
      if (const int number = ++known[name]; number > 1) {
        name += ", " + std::to_string(number);
      }
      SUBCASE(name.c_str()) { each.run(); }
    }
  }
}

}  // namespace flux::tests
