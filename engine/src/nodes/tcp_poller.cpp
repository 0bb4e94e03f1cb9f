#include "tcp_poller.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>

#include "failure.hpp"

namespace flux::nodes::detail {

namespace {

constexpr std::uint64_t alarm_token = std::numeric_limits<std::uint64_t>::max();

int control(int epoll, int descriptor, std::uint32_t events, std::uint64_t token) noexcept {
  epoll_event event{};
  event.events = events;
  event.data.u64 = token;
  return ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

}  // namespace

Poller::Poller(int always) : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")) {
  checked(control(epoll_.get(), always, EPOLLIN, 0), "epoll_ctl");
  // Each write is an edge, so the alarm is never read; its counter has room for centuries.
  checked(control(epoll_.get(), alarm_.descriptor(), EPOLLIN | EPOLLET, alarm_token), "epoll_ctl");
}

int Poller::add(int descriptor, std::uint64_t token) noexcept {
  constexpr std::uint32_t arrivals = EPOLLIN | EPOLLRDHUP | EPOLLET;
  return control(epoll_.get(), descriptor, arrivals, token) == 0 ? 0 : errno;
}

std::span<const epoll_event> Poller::fetch(Events& events) const noexcept {
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(batch), 0);
  const auto is_alarm = [](const epoll_event& event) { return event.data.u64 == alarm_token; };
  const auto last = std::remove_if(events.begin(), events.begin() + std::max(count, 0), is_alarm);
  return {events.begin(), last};
}

}  // namespace flux::nodes::detail
