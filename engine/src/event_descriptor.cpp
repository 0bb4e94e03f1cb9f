#include "event_descriptor.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <system_error>

namespace flux {

namespace {

// In the milliseconds that `poll` understands: for ever, or some days at a time.
int left_until(std::optional<Deadline> deadline) noexcept {
  using std::chrono::milliseconds;
  constexpr milliseconds longest{1'000'000'000};
  const auto now = std::chrono::steady_clock::now();
  if (!deadline) {
    return -1;
  }
  if (*deadline <= now) {
    return 0;
  }
  const auto left = std::chrono::ceil<milliseconds>(*deadline - now);
  return static_cast<int>(std::min(left, longest).count());
}

}  // namespace

EventDescriptor::EventDescriptor() : descriptor_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  if (descriptor_ == -1) {
    throw std::system_error{errno, std::generic_category(), "eventfd"};
  }
}

EventDescriptor::~EventDescriptor() { close(descriptor_); }

void EventDescriptor::set() noexcept {
  const int before = errno;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(descriptor_, &one, sizeof one);
  errno = before;
}

bool EventDescriptor::wait(std::optional<Deadline> deadline) noexcept {
  pollfd polled{.fd = descriptor_, .events = POLLIN, .revents = 0};
  int left = left_until(deadline);
  while (!seen_) {
    if (poll(&polled, 1, left) == 1) {
      std::uint64_t times = 0;
      seen_ = read(descriptor_, &times, sizeof times) == sizeof times;
    } else if (left == 0) {
      return false;
    }
    left = left_until(deadline);
  }
  return true;
}

bool EventDescriptor::wait_for_first(EventDescriptor& first, EventDescriptor& second) noexcept {
  while (!first.is_set() && !second.is_set()) {
    std::array<pollfd, 2> polled{pollfd{.fd = first.descriptor_, .events = POLLIN, .revents = 0},
                                 pollfd{.fd = second.descriptor_, .events = POLLIN, .revents = 0}};
    poll(polled.data(), polled.size(), -1);
  }
  return first.is_set();
}

}  // namespace flux
