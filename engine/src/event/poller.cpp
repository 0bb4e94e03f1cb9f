#include "poller.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

#include "calls/real.hpp"

namespace flux::event {

namespace {

using std::chrono::duration_cast, std::chrono::nanoseconds, std::chrono::seconds;

timespec as_timespec(nanoseconds time) noexcept {
  const auto whole = duration_cast<seconds>(time);
  return {.tv_sec = whole.count(), .tv_nsec = (time - whole).count()};
}

int in_milliseconds(nanoseconds time) noexcept {
  constexpr std::chrono::milliseconds longest{1'000'000'000};
  return static_cast<int>(
      std::min(std::chrono::ceil<std::chrono::milliseconds>(time), longest).count());
}

}  // namespace

Poller::Poller() : epoll_{epoll_create1(EPOLL_CLOEXEC)} {
  if (epoll_ == -1) {
    throw std::system_error{errno, std::generic_category(), "epoll_create1"};
  }
}

Poller::~Poller() { real::close(epoll_); }

int Poller::add(int descriptor, std::uint32_t events, std::uint64_t token) noexcept {
  epoll_event event{};
  event.events = events | EPOLLET;
  event.data.u64 = token;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0) {
    return 0;
  }
  if (errno == EEXIST && epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event) == 0) {
    return 0;  // the number is known from a file that was closed elsewhere
  }
  return errno;
}

int Poller::wait(std::optional<Time> deadline) noexcept {
  if (deadline) {
    return wait_until(*deadline);
  }
  return real::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), -1);
}

int Poller::wait_until(Time deadline) noexcept {
  const auto room = static_cast<int>(events_.size());
  const auto left = deadline == Time::min() ? Clock::duration::zero() : deadline - Clock::now();
  if (left <= Clock::duration::zero()) {
    return real::epoll_wait(epoll_, events_.data(), room, 0);
  }
#ifdef SYS_epoll_pwait2
  static bool is_precise = true;  // since Linux 5.11
  if (is_precise) {
    const timespec time = as_timespec(left);
    const long count =
        syscall(SYS_epoll_pwait2, epoll_, events_.data(), room, &time, nullptr, std::size_t{8});
    if (count >= 0 || errno != ENOSYS) {
      return static_cast<int>(count);
    }
    is_precise = false;
  }
#endif
  return real::epoll_wait(epoll_, events_.data(), room, in_milliseconds(left));
}

}  // namespace flux::event
