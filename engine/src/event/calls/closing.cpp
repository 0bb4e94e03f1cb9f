// Closing descriptors, and giving their numbers to other files.

#include <linux/close_range.h>
#include <sys/resource.h>

#include <algorithm>

#include "call.hpp"

namespace flux::event {

namespace {

// Of a duplicate that fails nothing is closed.
bool is_open(int descriptor) noexcept {
  const int before = errno;
  const bool is = real::fcntl(descriptor, F_GETFD) != -1;
  errno = before;
  return is;
}

void forget_before_duplicate(int from, int to) noexcept {
  if (from != to && is_open(from)) {
    Loop::forget(to);
  }
}

void forget_range(unsigned first, unsigned last) noexcept {
  constexpr unsigned most = 1 << 20;
  rlimit limit{};
  const auto end = getrlimit(RLIMIT_NOFILE, &limit) == 0
                       ? static_cast<unsigned>(std::min<rlim_t>(limit.rlim_cur, most))
                       : most;
  for (unsigned each = first; each < end && each <= last; ++each) {
    Loop::forget(static_cast<int>(each));
  }
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(closing)

FLUX_INTERCEPTED int close(int descriptor) {
  Loop::forget(descriptor);
  return real::close(descriptor);
}

FLUX_INTERCEPTED int dup2(int from, int to) noexcept {
  forget_before_duplicate(from, to);
  return real::dup2(from, to);
}

FLUX_INTERCEPTED int dup3(int from, int to, int flags) noexcept {
  forget_before_duplicate(from, to);
  return real::dup3(from, to, flags);
}

FLUX_INTERCEPTED int close_range(unsigned first, unsigned last, int flags) noexcept {
  if ((static_cast<unsigned>(flags) & CLOSE_RANGE_CLOEXEC) == 0 && first <= last) {
    forget_range(first, last);
  }
  return real::close_range(first, last, flags);
}

FLUX_INTERCEPTED void closefrom(int first) noexcept {
  forget_range(static_cast<unsigned>(std::max(first, 0)), ~0U);
  real::closefrom(first);
}
