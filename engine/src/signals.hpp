// SIGTERM and SIGINT: the first asks a server to stop, the second ends the process at once.
// SIGUSR2: turns its profile on or off.

#pragma once

#include <signal.h>

#include <array>

namespace flux {

// What signals ask to stop; called by signal handlers.
class Stoppable {
 public:
  virtual void stop() noexcept = 0;

  // SIGUSR2 has come.
  virtual void toggle() noexcept = 0;

 protected:
  ~Stoppable() = default;
};

// Listens as long as it lives. One server at a time can: signals are the process's.
class Signals {
 public:
  // Throws std::logic_error if another server listens.
  explicit Signals(Stoppable& server);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  std::array<struct sigaction, 3> before_{};
  sigset_t mask_before_{};
};

}  // namespace flux
