#include "flux/nodes/waiting.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "failure.hpp"

namespace flux::nodes {

namespace {

constexpr int longest = std::numeric_limits<int>::max();

// How long poll may wait, in milliseconds, rounded up so that nobody wakes too early and spins.
int milliseconds_until(Deadline deadline) {
  using std::chrono::milliseconds;
  if (!deadline) return -1;
  const auto now = Clock::now();
  if (*deadline <= now) return 0;
  const auto left = std::chrono::ceil<milliseconds>(*deadline - now).count();
  return static_cast<int>(std::min<milliseconds::rep>(left, longest));
}

}  // namespace

bool wait(int descriptor, short events, Deadline deadline) {
  pollfd waiting{descriptor, events, 0};
  while (true) {
    const int patience = milliseconds_until(deadline);
    const int ready = ::poll(&waiting, 1, patience);
    if (ready > 0) return true;
    if (ready == 0 && patience != longest) return false;
    if (ready < 0 && errno != EINTR) detail::fail("poll");
  }
}

}  // namespace flux::nodes
