#include "wakeup.hpp"

#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
#include <array>

namespace flux::profile {

namespace {

// The longer a processor is idle, the longer it takes to wake up: a server at a low load waits some
// milliseconds for its next flow.
constexpr long pause = 3'000'000;  // ns

std::uint64_t now() noexcept {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_nsec);
}

// A signal may end the sleep: then nobody was late.
std::uint64_t lateness() noexcept {
  const timespec time{0, pause};
  const std::uint64_t due = now() + pause;
  clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nullptr);
  const std::uint64_t then = now();
  return then > due ? then - due : 0;
}

// By the kernel's will, threads without real-time priority sleep 50 us longer than they asked for.
class Punctual {
 public:
  Punctual() noexcept { prctl(PR_SET_TIMERSLACK, 1); }
  Punctual(const Punctual&) = delete;
  Punctual& operator=(const Punctual&) = delete;
  ~Punctual() { prctl(PR_SET_TIMERSLACK, static_cast<unsigned long>(slack_)); }

 private:
  int slack_ = prctl(PR_GET_TIMERSLACK);
};

// Where a flow was in the way, or another program, it is longer: so the middle of several.
std::uint64_t measured() noexcept {
  const Punctual here;
  std::array<std::uint64_t, 15> found{};
  std::generate(found.begin(), found.end(), lateness);
  std::nth_element(found.begin(), found.begin() + found.size() / 2, found.end());
  return found[found.size() / 2];
}

}  // namespace

std::uint64_t wakeup() noexcept {
  static const std::uint64_t found = measured();
  return found;
}

}  // namespace flux::profile
