#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include "calls_told.hpp"

namespace flux::tests {

namespace {

Told polls(int descriptor, short events, int timeout) {
  pollfd polled{descriptor, events, 0};
  Told its = told([&] { return ::poll(&polled, 1, timeout); });
  its.bytes = std::to_string(polled.revents);
  return its;
}

Told polls_ended_pipe() {
  Ends ends = pipe_ends();
  ends.there.close_now();
  return polls(ends.here, POLLIN, -1);
}

Told polls_many() {
  std::array<Ends, 12> all;
  std::array<pollfd, 13> polled{};
  for (std::size_t each = 0; each < all.size(); ++each) {
    all[each] = pipe_ends();
    polled[each] = {all[each].here, POLLIN, 0};
  }
  polled[12] = {-1, POLLIN, 7};
  REQUIRE(::write(all[3].there, "x", 1) == 1);
  REQUIRE(::write(all[9].there, "x", 1) == 1);
  Told its = told([&] { return ::poll(polled.data(), polled.size(), -1); });
  for (const pollfd& each : polled) {
    its.bytes += std::to_string(each.revents);
  }
  return its;
}

std::string shown(int descriptor, const fd_set& set) {
  return FD_ISSET(descriptor, &set) != 0 ? "1" : "0";
}

// A socket that can be written, and read if `bytes` says so.
Told selects(bool bytes, timeval* timeout) {
  const Ends ends = socket_ends();
  if (bytes) {
    REQUIRE(::write(ends.there, "x", 1) == 1);
  }
  fd_set read;
  FD_ZERO(&read);
  FD_SET(ends.here, &read);
  fd_set write = read;
  fd_set except = read;
  fd_set* const writing = bytes ? &write : nullptr;
  Told its = told([&] { return ::select(ends.here + 1, &read, writing, &except, timeout); });
  its.bytes = shown(ends.here, read) + shown(ends.here, write) + shown(ends.here, except);
  return its;
}

Told selects_in_time(long microseconds) {
  timeval timeout{.tv_sec = 0, .tv_usec = microseconds};
  Told its = selects(false, &timeout);
  its.bytes += std::to_string(timeout.tv_sec) + std::to_string(timeout.tv_usec);
  return its;
}

Told selects_closed() {
  fd_set read;
  FD_ZERO(&read);
  const int closed = pipe_ends().here;
  FD_SET(closed, &read);
  Told its = told([&] { return ::select(closed + 1, &read, nullptr, nullptr, nullptr); });
  its.bytes = shown(closed, read);
  return its;
}

Told selects_ended_pipe() {
  Ends ends = pipe_ends();
  ends.here.close_now();
  fd_set write;
  FD_ZERO(&write);
  FD_SET(ends.there, &write);
  Told its = told([&] { return ::select(ends.there + 1, nullptr, &write, nullptr, nullptr); });
  its.bytes = shown(ends.there, write);
  return its;
}

Told waits_for_epoll(int room, int timeout, bool bytes) {
  const Ends ends = pipe_ends();
  const Owned epoll{::epoll_create1(0)};
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = 42;
  REQUIRE(::epoll_ctl(epoll, EPOLL_CTL_ADD, ends.here, &event) == 0);
  if (bytes) {
    REQUIRE(::write(ends.there, "x", 1) == 1);
  }
  std::array<epoll_event, 4> got{};
  Told its = told([&] { return ::epoll_wait(epoll, got.data(), room, timeout); });
  its.bytes = std::to_string(int{got[0].data.fd});
  return its;
}

constexpr std::array equal_polling{
    EqualCase{"poll of what is ready",
              [] { return polls(socket_ends().here, POLLIN | POLLOUT, -1); }},
    EqualCase{"poll of what isn't, at once", [] { return polls(pipe_ends().here, POLLIN, 0); }},
    EqualCase{"poll of what isn't, for a while", [] { return polls(pipe_ends().here, POLLIN, 2); }},
    EqualCase{"poll of what is closed", [] { return polls(700, POLLIN, -1); }},
    EqualCase{"poll of an end", polls_ended_pipe},
    EqualCase{"poll of a file", [] { return polls(file_of("x"), POLLIN | POLLOUT, -1); }},
    EqualCase{"poll of many", polls_many},
    EqualCase{"poll of nothing", [] { return told([] { return ::poll(nullptr, 0, 2); }); }},
    EqualCase{"ppoll for a time that is none",
              [] {
                const timespec bad{.tv_sec = 0, .tv_nsec = -1};
                return told([&] { return ::ppoll(nullptr, 0, &bad, nullptr); });
              }},
    EqualCase{"select of what is ready", [] { return selects(true, nullptr); }},
    EqualCase{"select at once", [] { return selects_in_time(0); }},
    EqualCase{"select for a while", [] { return selects_in_time(2000); }},
    EqualCase{"select of what is closed", selects_closed},
    EqualCase{"select of an end", selects_ended_pipe},
    EqualCase{"select of fewer than none",
              [] { return told([] { return ::select(-1, nullptr, nullptr, nullptr, nullptr); }); }},
    EqualCase{"pselect for a time that is none",
              [] {
                const timespec bad{.tv_sec = 0, .tv_nsec = 2'000'000'000};
                return told([&] { return ::pselect(0, nullptr, nullptr, nullptr, &bad, nullptr); });
              }},
    EqualCase{"epoll_wait for what is there", [] { return waits_for_epoll(4, -1, true); }},
    EqualCase{"epoll_wait at once", [] { return waits_for_epoll(4, 0, false); }},
    EqualCase{"epoll_wait for a while", [] { return waits_for_epoll(4, 2, false); }},
    EqualCase{"epoll_wait without room", [] { return waits_for_epoll(0, -1, false); }},
    EqualCase{"epoll_wait on what is none",
              [] {
                epoll_event got{};
                return told([&] { return ::epoll_wait(pipe_ends().here, &got, 1, -1); });
              }},
};

}  // namespace

std::span<const EqualCase> equal_polling_cases() { return equal_polling; }

}  // namespace flux::tests
