#include <netdb.h>
#include <sys/wait.h>

#include <cstdio>
#include <ctime>

#include "calls_told.hpp"

namespace flux::tests {

namespace {

pid_t child_that_ends() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(7);
  }
  return child;
}

Told waits_for_child() {
  int status = 0;
  const pid_t child = child_that_ends();
  Told its = told([&] { return ::waitpid(child, &status, 0) == child; });
  its.bytes = std::to_string(status);
  return its;
}

Told waits_by_waitid() {
  const pid_t child = child_that_ends();
  siginfo_t info{};
  Told its = told([&] { return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED); });
  its.bytes = std::to_string(info.si_pid == child) + std::to_string(info.si_status) +
              std::to_string(info.si_code);
  return its;
}

Told resolves(const char* node, const char* service, int flags) {
  addrinfo hints{};
  hints.ai_flags = flags;
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  Told its{.result = ::getaddrinfo(node, service, &hints, &found)};
  if (found != nullptr) {
    its.bytes.assign(reinterpret_cast<const char*>(found->ai_addr), found->ai_addrlen);
    ::freeaddrinfo(found);
  }
  return its;
}

Told names_host() {
  h_errno = 0;
  const hostent* const host = ::gethostbyname("127.0.0.1");
  return {.result = host != nullptr ? host->h_length : -1, .error = h_errno};
}

Told names_no_host() {
  h_errno = 0;
  return {.result = ::gethostbyname2("127.0.0.1", AF_INET6) != nullptr, .error = h_errno};
}

Told opens_stream(int descriptor, const char* mode) {
  errno = kept;
  std::FILE* const stream = ::fdopen(descriptor, mode);
  const Told its{.result = stream != nullptr, .error = errno};
  if (stream != nullptr) {
    std::fclose(stream);
  }
  return its;
}

Told writes_stream() {
  const Ends ends = socket_ends();
  std::FILE* const stream = ::fdopen(::dup(ends.there), "w");
  Told its{.result = std::fprintf(stream, "%d bytes", 7)};
  its.error = std::fclose(stream);
  its.bytes = std::to_string(drain(ends.here));
  return its;
}

constexpr std::array equal_others{
    EqualCase{"waitpid for a child", waits_for_child},
    EqualCase{"waitpid without children",
              [] { return told([] { return ::waitpid(-1, nullptr, 0); }); }},
    EqualCase{"waitpid for somebody else's child",
              [] { return told([] { return ::waitpid(1, nullptr, 0); }); }},
    EqualCase{"waitid for a child", waits_by_waitid},
    EqualCase{"waitid for nothing",
              [] { return told([] { return ::waitid(P_ALL, 0, nullptr, 0); }); }},
    EqualCase{"getaddrinfo of numbers", [] { return resolves("127.0.0.1", "80", 0); }},
    EqualCase{"getaddrinfo of no number",
              [] { return resolves("localhost", "80", AI_NUMERICHOST); }},
    EqualCase{"gethostbyname of numbers", names_host},
    EqualCase{"gethostbyname2 of the wrong family", names_no_host},
    EqualCase{"fdopen of what is closed", [] { return opens_stream(-1, "r"); }},
    EqualCase{"fdopen of a pipe's wrong end",
              [] {
                const Ends ends = pipe_ends();
                return opens_stream(ends.here, "w");
              }},
    EqualCase{"fdopen in no mode",
              [] {
                const Ends ends = pipe_ends();
                return opens_stream(ends.here, "x");
              }},
    EqualCase{"fdopen of a pipe", [] { return opens_stream(::dup(pipe_ends().here), "r"); }},
    EqualCase{"fdopen of a file", [] { return opens_stream(::dup(file_of("x")), "r+"); }},
    EqualCase{"fprintf to a socket", writes_stream},
    EqualCase{"nanosleep for a time that is none",
              [] {
                const timespec bad{.tv_sec = 0, .tv_nsec = -1};
                return told([&] { return ::nanosleep(&bad, nullptr); });
              }},
    EqualCase{"clock_nanosleep until what is past",
              [] {
                const timespec past{.tv_sec = 1, .tv_nsec = 0};
                return told([&] {
                  return ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &past, nullptr);
                });
              }},
    EqualCase{"clock_nanosleep by a clock that is none",
              [] {
                const timespec time{};
                return told([&] { return ::clock_nanosleep(12345, 0, &time, nullptr); });
              }},
    EqualCase{"dup2 of what is closed", [] { return told([] { return ::dup2(-1, 700); }); }},
    EqualCase{"dup3 to itself", [] { return told([] { return ::dup3(0, 0, 0); }); }},
    EqualCase{"close of what is closed", [] { return told([] { return ::close(700); }); }},
    EqualCase{"fcntl of a status",
              [] { return told([] { return ::fcntl(pipe_ends().here, F_GETFL); }); }},
    EqualCase{"fcntl of a duplicate beyond all",
              [] { return told([] { return ::fcntl(0, F_DUPFD, 2'000'000'000); }); }},
};

}  // namespace

std::span<const EqualCase> equal_other_cases() { return equal_others; }

}  // namespace flux::tests
