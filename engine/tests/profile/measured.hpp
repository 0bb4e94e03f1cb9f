// A program for tests of the profiler: `source Listen => Serve;`, whose flows work under a
// constraint, and fail or are handled as the number says that the source gives.

#pragma once

#include <flux/program.hpp>
#include <memory>
#include <vector>

#include "endings.hpp"
#include "profile/profiler.hpp"

namespace flux::tests {

class Measured {
 public:
  explicit Measured(std::size_t threads = 4);

  // A task whose turn is over, measured if the profile is on; it waits to be carried.
  std::unique_ptr<Task> turned(int number);

  // Run a flow from its turn to its end.
  Outcome run(int number);

  profile::Profiler& profiler() noexcept { return profiler_; }
  Program& program() noexcept { return program_; }
  Endings& endings() noexcept { return endings_; }

  // What was counted so far.
  template <class Show>
  auto read(Show show) {
    return profiler_.read(
        [&](const profile::Ledger& ledger, const profile::Span&) { return show(ledger); });
  }

  std::uint64_t count(Outcome outcome);
  std::uint64_t calls(const char* node);

 private:
  Program program_;
  Reports reports_;
  profile::Profiler profiler_;
  Endings endings_;
};

// What the work of each flow is besides; nothing at first.
void let_work(std::function<void(int)> work);

}  // namespace flux::tests
