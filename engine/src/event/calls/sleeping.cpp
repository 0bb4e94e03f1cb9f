// Sleeping, and giving way.

#include <algorithm>

#include "call.hpp"
#include "polling.hpp"

namespace flux::event {

namespace {

using std::chrono::duration_cast, std::chrono::nanoseconds, std::chrono::seconds;

timespec as_timespec(Clock::duration time) noexcept {
  const auto whole = duration_cast<seconds>(time);
  return {.tv_sec = whole.count(), .tv_nsec = nanoseconds{time - whole}.count()};
}

// Later than this nobody waits, and time can't be counted much further.
constexpr std::int64_t longest = 100LL * 365 * 24 * 3600;

Clock::duration as_duration(const timespec& time) noexcept {
  return seconds{std::min<std::int64_t>(time.tv_sec, longest)} + nanoseconds{time.tv_nsec};
}

// Sleep; what is left of the time if a handler of the program's has run.
std::optional<Clock::duration> sleep_until(Time deadline, const char* what) noexcept {
  Loop& loop = *Loop::current();
  while (true) {
    Waiting waiting{loop, *loop.running()};
    if (waiting.wait({}, deadline, what, true) != Woken::interrupted) {
      return std::nullopt;
    }
    if (signals_interrupt(true)) {
      return std::max(deadline - Clock::now(), Clock::duration::zero());
    }
  }
}

timespec now(clockid_t clock) noexcept {
  timespec time{};
  clock_gettime(clock, &time);
  return time;
}

int sleep_on(clockid_t clock, int flags, const timespec& time, timespec* left,
             const char* what) noexcept {
  if (!is_time(time)) {
    return EINVAL;
  }
  const Clock::duration wanted = as_duration(time);
  const bool is_absolute = (flags & TIMER_ABSTIME) != 0;
  const auto length = is_absolute ? wanted - as_duration(now(clock)) : wanted;
  if (length <= Clock::duration::zero()) {
    Loop::current()->yield();
    return 0;
  }
  const auto rest = sleep_until(Clock::now() + length, what);
  if (rest && left != nullptr && !is_absolute) {
    *left = as_timespec(*rest);
  }
  return rest ? EINTR : 0;
}

// An error as most functions tell it.
int told(int error) noexcept {
  if (error == 0) {
    return 0;
  }
  errno = error;
  return -1;
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(sleeping)

FLUX_INTERCEPTED int nanosleep(const timespec* time, timespec* left) {
  if (!on_fiber()) {
    return real::nanosleep(time, left);
  }
  return told(sleep_on(CLOCK_MONOTONIC, 0, *time, left, "nanosleep"));
}

FLUX_INTERCEPTED int clock_nanosleep(clockid_t clock, int flags, const timespec* time,
                                     timespec* left) {
  if (!on_fiber() || (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME)) {
    return real::clock_nanosleep(clock, flags, time, left);
  }
  return sleep_on(clock, flags, *time, left, "clock_nanosleep");
}

FLUX_INTERCEPTED int usleep(useconds_t time) {
  if (!on_fiber()) {
    return real::usleep(time);
  }
  const timespec whole{.tv_sec = time / 1'000'000, .tv_nsec = long{time % 1'000'000} * 1000};
  return told(sleep_on(CLOCK_MONOTONIC, 0, whole, nullptr, "usleep"));
}

FLUX_INTERCEPTED unsigned sleep(unsigned time) {
  if (!on_fiber()) {
    return real::sleep(time);
  }
  timespec left{};
  const int error = sleep_on(CLOCK_MONOTONIC, 0, {.tv_sec = time, .tv_nsec = 0}, &left, "sleep");
  return error == 0 ? 0 : static_cast<unsigned>(left.tv_sec + (left.tv_nsec > 0 ? 1 : 0));
}

FLUX_INTERCEPTED int sched_yield() noexcept {
  if (!on_fiber()) {
    return real::sched_yield();
  }
  Loop::current()->yield();
  return 0;
}
