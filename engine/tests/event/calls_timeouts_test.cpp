#include <sys/time.h>

#include <chrono>

#include "calls_support.hpp"

namespace flux::tests {

namespace {

using std::chrono::milliseconds, std::chrono::steady_clock;

constexpr milliseconds patience{30};

void limit(int socket, int option) {
  const timeval time{.tv_sec = 0, .tv_usec = std::chrono::microseconds{patience}.count()};
  REQUIRE(::setsockopt(socket, SOL_SOCKET, option, &time, sizeof time) == 0);
}

// The call fails, by that error, when its time is over, and another fiber runs meanwhile.
template <class Call>
void is_late(int error, Call call) {
  bool has_run = false;
  run_fibers({[&] {
                const auto before = steady_clock::now();
                CHECK(call() == -1);
                CHECK(errno == error);
                const auto length = steady_clock::now() - before;
                CHECK(length >= patience);
                CHECK(length < std::chrono::seconds{20});
                CHECK(has_run);
              },
              [&] { has_run = true; }});
}

}  // namespace

TEST_CASE("SO_RCVTIMEO limits a fiber's wait for bytes") {
  const Ends ends = tcp_ends();
  limit(ends.here, SO_RCVTIMEO);
  char byte = 0;
  is_late(EAGAIN, [&] { return ::recv(ends.here, &byte, 1, 0); });
  is_late(EAGAIN, [&] { return ::read(ends.here, &byte, 1); });
}

TEST_CASE("SO_RCVTIMEO that a duplicate was given limits a fiber's wait, too") {
  const Ends ends = socket_ends();
  limit(Owned{::dup(ends.here)}, SO_RCVTIMEO);
  char byte = 0;
  is_late(EAGAIN, [&] { return ::recv(ends.here, &byte, 1, 0); });
}

TEST_CASE("SO_RCVTIMEO gives a fiber that wants all what has come") {
  const Ends ends = socket_ends();
  limit(ends.here, SO_RCVTIMEO);
  REQUIRE(::send(ends.there, "some", 4, 0) == 4);
  on_fiber([&] {
    char bytes[8];
    CHECK(::recv(ends.here, bytes, sizeof bytes, MSG_WAITALL) == 4);
  });
}

TEST_CASE("SO_RCVTIMEO limits a fiber's wait for a connection") {
  const Owned listener = listening();
  limit(listener, SO_RCVTIMEO);
  is_late(EAGAIN, [&] { return ::accept(listener, nullptr, nullptr); });
}

TEST_CASE("SO_SNDTIMEO limits a fiber's wait for room") {
  const Ends ends = socket_ends();
  limit(ends.there, SO_SNDTIMEO);
  fill(ends.there);
  is_late(EAGAIN, [&] { return ::send(ends.there, "x", 1, 0); });
  is_late(EAGAIN, [&] { return ::write(ends.there, "x", 1); });
}

TEST_CASE("SO_SNDTIMEO tells a fiber how much was sent in time") {
  const Ends ends = socket_ends();
  limit(ends.there, SO_SNDTIMEO);
  const std::string bytes(10'000'000, 'x');
  on_fiber([&] {
    const ssize_t sent = ::send(ends.there, bytes.data(), bytes.size(), 0);
    CHECK(sent > 0);
    CHECK(sent < 10'000'000);
  });
}

TEST_CASE("SO_SNDTIMEO limits a fiber's wait to be connected") {
  const Owned listener = listening(0);
  const Owned first = connected_to(listener);
  const sockaddr_in address = address_of(listener);
  const Owned second{::socket(AF_INET, SOCK_STREAM, 0)};
  limit(second, SO_SNDTIMEO);
  const auto connect = [&] { return ::connect(second, plain(address), sizeof address); };
  is_late(EINPROGRESS, connect);
  is_late(EALREADY, connect);
}

}  // namespace flux::tests
