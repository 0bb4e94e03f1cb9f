#include "signals.hpp"

#include <unistd.h>

#include <atomic>
#include <stdexcept>

namespace flux {

namespace {

constexpr std::array heard{SIGTERM, SIGINT, SIGUSR2};

std::atomic<Stoppable*> listener{nullptr};
std::atomic<bool> asked{false};

sigset_t all_heard() noexcept {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int each : heard) {
    sigaddset(&signals, each);
  }
  return signals;
}

extern "C" void flux_on_signal(int number) {
  if (number == SIGUSR2) {
    if (Stoppable* const server = listener.load()) {
      server->toggle();
    }
    return;
  }
  if (asked.exchange(true)) {
    _exit(128 + number);
  }
  if (Stoppable* const server = listener.load()) {
    server->stop();
  }
}

}  // namespace

Signals::Signals(Stoppable& server) {
  Stoppable* none = nullptr;
  if (!listener.compare_exchange_strong(none, &server)) {
    throw std::logic_error{"another server listens to signals"};
  }
  asked = false;
  struct sigaction action {};
  action.sa_handler = flux_on_signal;
  action.sa_flags = SA_RESTART;  // nodes needn't know of signals
  for (std::size_t each = 0; each < heard.size(); ++each) {
    sigaction(heard[each], &action, &before_[each]);
  }
  const sigset_t unblocked = all_heard();
  pthread_sigmask(SIG_UNBLOCK, &unblocked, &mask_before_);  // whoever started us may block them
}

Signals::~Signals() {
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
  for (std::size_t each = 0; each < heard.size(); ++each) {
    sigaction(heard[each], &before_[each], nullptr);
  }
  listener = nullptr;
}

}  // namespace flux
