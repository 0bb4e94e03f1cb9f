// What signals do while event runtimes are at work.
//
//   SIGUSR1           lists what the loops carry, unless the program has a handler of its own
//   SIGSEGV, SIGBUS   tell of a stack that has overflowed
//   a real-time one   makes the thread of a loop tell what it is at
//
// All handlers are for the whole process: the first runtime installs them, and the last one puts
// the former ones back; but for the last signal, which may still be under way then.

#pragma once

#include <signal.h>

namespace flux::event {

class Watch;

// As long as it lives, SIGUSR1 asks this watch, or a later one.
class Reactions {
 public:
  explicit Reactions(Watch& watch) noexcept;
  ~Reactions();
  Reactions(const Reactions&) = delete;
  Reactions& operator=(const Reactions&) = delete;

 private:
  Watch& watch_;
};

// Lets the thread of a loop hear those signals: whoever started the process may block them.
void hear_reactions() noexcept;

// Makes the thread of a loop tell what it is at.
int whereabouts_signal() noexcept;

}  // namespace flux::event
