#include "call.hpp"

#include <poll.h>
#include <signal.h>

#include "../reactions.hpp"

extern "C" [[noreturn]] void __chk_fail() noexcept;

namespace flux::event {

namespace {

constexpr bool is_fault(int signal) noexcept {
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE ||
         signal == SIGABRT || signal == SIGTRAP || signal == SIGSYS;
}

// The engine's handlers have calls begin anew, which a program's may do with the same signals.
bool is_of_engine(int signal) noexcept {
  return signal == SIGTERM || signal == SIGINT || signal == SIGUSR1 ||
         signal == whereabouts_signal();
}

}  // namespace

bool is_nonblocking(int descriptor) noexcept {
  return (real::fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0;
}

std::optional<Time> deadline_of(int descriptor, int option) noexcept {
  timeval time{};
  socklen_t size = sizeof time;
  if (::getsockopt(descriptor, SOL_SOCKET, option, &time, &size) != 0 ||
      (time.tv_sec == 0 && time.tv_usec == 0)) {
    return std::nullopt;
  }
  return Clock::now() + std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
}

bool Patience::is_refused() noexcept {
  if (!has_asked_) {
    has_asked_ = true;
    is_refused_ = is_nonblocking(descriptor_);
    if (!is_refused_ && option_ != 0) {
      deadline_ = deadline_of(descriptor_, option_);
    }
  }
  return is_refused_;
}

bool Patience::wait(int late) noexcept {
  bool again = true;
  while (again) {
    if (is_refused()) {
      errno = EAGAIN;
      return false;
    }
    if (wait_once(late, again)) {
      return true;
    }
  }
  return false;
}

// The system begins a call anew after a signal if the handler says so, but not one with a time-out.
bool Patience::wait_once(int late, bool& again) noexcept {
  const Woken woken = wait_for(descriptor_, events_, deadline_, what_);
  again = woken == Woken::interrupted && !signals_interrupt(deadline_.has_value());
  switch (woken) {
    case Woken::ready:
      return true;
    case Woken::closed:
      errno = EBADF;
      return false;
    case Woken::late:
      errno = late;
      return false;
    case Woken::interrupted:
      errno = EINTR;
      return false;
  }
  return false;
}

bool is_ready(int descriptor, short events) noexcept {
  pollfd polled{.fd = descriptor, .events = events, .revents = 0};
  return real::poll(&polled, 1, 0) > 0;
}

bool signals_interrupt(bool any) noexcept {
  for (int each = 1; each < NSIG; ++each) {
    struct sigaction action {};
    if (!is_fault(each) && sigaction(each, nullptr, &action) == 0 && action.sa_handler != SIG_DFL &&
        action.sa_handler != SIG_IGN &&
        ((any && !is_of_engine(each)) || (action.sa_flags & SA_RESTART) == 0)) {
      return true;
    }
  }
  return false;
}

void check_room(std::size_t size, std::size_t room) noexcept {
  if (size > room) {
    __chk_fail();
  }
}

}  // namespace flux::event
