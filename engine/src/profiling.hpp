// Profiling as a server's options ask for it: from the start, by signal, or by a socket.

#pragma once

#include <flux/options.hpp>
#include <flux/program.hpp>
#include <memory>

#include "profile/profiler.hpp"
#include "profile/socket.hpp"
#include "reports.hpp"
#include "trace/sender.hpp"

namespace flux {

class Profiling {
 public:
  Profiling(const Program& program, const Options& options, Reports& reports);

  profile::Profiler& profiler() noexcept { return profiler_; }

  // Begin as the options say. Throws std::runtime_error if the socket or the token can't be had.
  void start();

  // What SIGUSR2 asks for: on, or off and into the file.
  void toggle() noexcept;

  // The server ends.
  void finish() noexcept;

 private:
  void trace();
  void write() noexcept;

  const Program& program_;
  const Options& options_;
  Reports& reports_;
  profile::Profiler profiler_;
  std::unique_ptr<trace::Sender> sender_{};
  std::unique_ptr<profile::Socket> socket_{};
};

}  // namespace flux
