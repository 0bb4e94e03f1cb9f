#include "hearing.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "../nodes/failure.hpp"

namespace flux::workers {

namespace {

using Clock = std::chrono::steady_clock;

bool is_ignored(int number) noexcept {
  struct sigaction action {};
  return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// For `poll`: rounded up, and -1 for ever.
int milliseconds_until(Clock::time_point time) noexcept {
  if (time == Clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(time - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000));
}

sigset_t heard() noexcept {
  sigset_t all;
  sigemptyset(&all);
  for (const int always : {SIGTERM, SIGINT, SIGCHLD}) sigaddset(&all, always);
  for (const int each : {SIGHUP, SIGUSR1, SIGUSR2}) {
    if (!is_ignored(each)) sigaddset(&all, each);
  }
  return all;
}

}  // namespace

Hearing::Hearing() {
  ::signal(SIGCHLD, SIG_DFL);  // where it is ignored, children leave no exit status
  const sigset_t all = heard();
  sigprocmask(SIG_BLOCK, &all, &mask_before_);
  signals_ = nodes::detail::Descriptor(
      nodes::detail::checked(signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd"));
}

// Whoever has started the server may have blocked what a worker is to hear.
Hearing::~Hearing() {
  const sigset_t all = heard();
  sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
  sigprocmask(SIG_UNBLOCK, &all, nullptr);
}

void Hearing::wait(std::span<const int> lines, std::chrono::steady_clock::time_point until) const {
  std::vector<pollfd> polled{{.fd = signals_.get(), .events = POLLIN, .revents = 0}};
  for (const int line : lines) polled.push_back({.fd = line, .events = POLLIN, .revents = 0});
  ::poll(polled.data(), polled.size(), milliseconds_until(until));
}

std::optional<int> Hearing::signal() const noexcept {
  signalfd_siginfo info;
  if (::read(signals_.get(), &info, sizeof info) != sizeof info) return std::nullopt;
  return static_cast<int>(info.ssi_signo);
}

}  // namespace flux::workers
