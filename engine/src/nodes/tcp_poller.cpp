#include "tcp_poller.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>

#include "failure.hpp"
#include "flux/nodes/descriptor.hpp"

namespace flux::nodes::detail {

namespace {

constexpr std::uint64_t alarm_token = std::numeric_limits<std::uint64_t>::max();

int control(int epoll, int descriptor, std::uint32_t events, std::uint64_t token,
            int operation = EPOLL_CTL_ADD) noexcept {
  epoll_event event{};
  event.events = events;
  event.data.u64 = token;
  return ::epoll_ctl(epoll, operation, descriptor, &event);
}

// The kernel looks again at what it hands out: so what is fetched is true.
class EpollPoller final : public Poller {
 public:
  explicit EpollPoller(int always)
      : always_(always), epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")) {
    checked(control(epoll_.get(), always, EPOLLIN, 0), "epoll_ctl");
    // Each write is an edge, so the alarm is never read; its counter has room for centuries.
    checked(control(epoll_.get(), alarm_.descriptor(), EPOLLIN | EPOLLET, alarm_token),
            "epoll_ctl");
  }

  int add(int descriptor, std::uint64_t token) noexcept override {
    constexpr std::uint32_t arrivals = EPOLLIN | EPOLLRDHUP | EPOLLET;
    return control(epoll_.get(), descriptor, arrivals, token) == 0 ? 0 : errno;
  }

  void wait(Deadline deadline) override { nodes::wait(epoll_.get(), EPOLLIN, deadline); }

  std::span<const epoll_event> fetch(Events& events) noexcept override {
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(batch), 0);
    const auto is_alarm = [](const epoll_event& event) { return event.data.u64 == alarm_token; };
    const auto last = std::remove_if(events.begin(), events.begin() + std::max(count, 0), is_alarm);
    return {events.begin(), last};
  }

  void wake() noexcept override { alarm_.ring(); }

  void ignore(bool ignored) noexcept override {
    control(epoll_.get(), always_, ignored ? 0U : std::uint32_t{EPOLLIN}, 0, EPOLL_CTL_MOD);
  }

 private:
  int always_;
  Descriptor epoll_;
  Alarm alarm_;
};

}  // namespace

std::shared_ptr<Poller> new_poller(int always) {
  if (auto fiber_s = new_loop_poller(always)) return fiber_s;
  return std::make_shared<EpollPoller>(always);
}

}  // namespace flux::nodes::detail
