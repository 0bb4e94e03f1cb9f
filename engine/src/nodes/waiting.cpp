#include "flux/nodes/waiting.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <ctime>

#include "failure.hpp"

namespace flux::nodes {

namespace {

timespec time_until(Clock::time_point deadline) {
  using namespace std::chrono;
  const auto now = Clock::now();
  const nanoseconds left = std::max(deadline, now) - now;
  const auto whole = duration_cast<seconds>(left);
  return {whole.count(), (left - whole).count()};
}

}  // namespace

bool wait(int descriptor, short events, Deadline deadline) {
  pollfd waiting{descriptor, events, 0};
  while (true) {
    const timespec patience = deadline ? time_until(*deadline) : timespec{};
    const int ready = ::ppoll(&waiting, 1, deadline ? &patience : nullptr, nullptr);
    if (ready >= 0) return ready > 0;
    if (errno != EINTR) detail::fail("ppoll");
  }
}

Alarm::Alarm() : event_(detail::checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {}

void Alarm::ring() const noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(descriptor(), &one, sizeof one);
}

bool Alarm::wait(Deadline deadline) const { return nodes::wait(descriptor(), POLLIN, deadline); }

}  // namespace flux::nodes
