// What carries flows: the few functions that every runtime has.

#pragma once

#include <flux/source.hpp>
#include <functional>
#include <memory>

#include "tally.hpp"
#include "threads.hpp"

namespace flux {

// Runs one flow to its end on the calling thread, and destroys it.
using Carry = std::function<Outcome(std::unique_ptr<Task>)>;

// Takes flows from sources and runs each to its end; says once that it has become idle, and touches
// nothing of its own from then on: it may be gone.
class Runtime {
 public:
  virtual ~Runtime() = default;

  // Get ready for flows. Throws std::system_error if the system lacks the means.
  virtual void start() = 0;

  // Take a flow; the caller waits while there is no room for it.
  virtual void submit(std::unique_ptr<Task> task) = 0;

  // Take no more flows; those in flight go on, and the last one reports idle.
  virtual void close() = 0;

  // The server has stopped: give back what is the process's, signals above all. `is_idle`: sources
  // and flows have ended.
  virtual void retire(bool /*is_idle*/) noexcept {}

  // Forget the flows that have not begun to run.
  virtual void cut() = 0;

  // Run a source's turns beside the flows, on the loop of that number if there are loops; 0, or an
  // error number.
  virtual int start_source(std::size_t /*loop*/, void* (*run)(void*), void* source) {
    return start_thread(run, source);
  }

  // How flows have ended so far.
  virtual Ends ends() const = 0;
};

}  // namespace flux
