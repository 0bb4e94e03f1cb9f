// The loop on which a process's fibers run, and its thread. It is made for the first fiber, and
// lasts as long as the process.

#pragma once

#include <pthread.h>

#include "../event/loop.hpp"
#include "ticker.hpp"

namespace flux::fibers {

class Thread;

class Home {
 public:
  // That of this process. Throws std::system_error if it can't be made.
  static Home& of_process();

  // Let a fiber carry a thread, soon. Throws std::bad_alloc if there is no memory for its stack,
  // if that can be told at once.
  void begin(Thread& thread);

  // The thread that runs all fibers.
  static pthread_t thread() noexcept;

  // How much of a stack fibers have.
  static std::size_t stack_size() noexcept;

 private:
  class Arrival;

  Home();
  static void* run(void* home);
  static void begin_child() noexcept;

  event::Loop loop_;
  Ticker ticker_{loop_};
  pthread_t thread_{};
};

}  // namespace flux::fibers
