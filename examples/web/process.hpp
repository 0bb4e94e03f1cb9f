// A process of a program, with pipes to it.

#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "runner.hpp"
#include "socket.hpp"

// Our ends of a program's pipes, which never block.
struct Pipes {
  Socket input{-1};
  Socket output{-1};
  Socket complaints{-1};
};

// A process that was started, and is waited for at the end of its life.
class Process {
 public:
  // Start a program in its folder, in a session of its own, with this environment; ScriptError.
  Process(const std::string& path, const Parameters& environment, Pipes& pipes);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() { end(std::chrono::milliseconds{0}); }

  // Wait until it has ended, whatever that takes; once. It has so long to end by itself.
  void end(std::chrono::milliseconds grace);

 private:
  bool has_ended(std::chrono::milliseconds patience) const;

  pid_t number_ = 0;  // 0: it has been waited for
};
