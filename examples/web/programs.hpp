// Scripts that are programs, each answer by a process of its own (CGI/1.1, RFC 3875).
//
// A program is in a session of its own, with whatever it starts. Where its output has ended, or
// nobody wants it any more, it has a second to end by itself, then one to end on SIGTERM; then it
// is killed, with what it has started. One that says nothing for too long hasn't the first of these
// seconds.

#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "runner.hpp"

// Runs at most `most` programs at a time, each of which may be silent for so long.
class Programs : public Runner {
 public:
  Programs(std::chrono::milliseconds timeout, int most) : timeout_{timeout}, most_{most} {}

  // Start the one at SCRIPT_FILENAME, in its folder, with these parameters for its environment.
  std::shared_ptr<Script> start(const std::string& name, Asked asked) override;

 private:
  std::chrono::milliseconds timeout_;
  int most_;
  std::atomic<int> running_ = 0;
};
