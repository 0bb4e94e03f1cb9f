// The hooks of a program: its own functions for its beginning and its end.

#pragma once

#include <flux/program.hpp>
#include <string>
#include <utility>
#include <vector>

#include "arguments.hpp"
#include "reports.hpp"

namespace flux {

class Hooks {
 public:
  Hooks(const Program& program, std::vector<std::string> arguments, Reports& reports)
      : program_{program}, arguments_{std::move(arguments)}, reports_{reports} {}

  // Before it serves: whether it may.
  bool init();

  // Whether its sources can end by themselves, and let them do so: they give what they still have.
  bool can_finish() const noexcept { return program_.finish != nullptr; }
  void finish() noexcept;

  // Interrupt the turns in progress.
  void interrupt() noexcept;

  // When it has served: whether that went well.
  bool shutdown() noexcept;

 private:
  bool call(const char* name, void (*hook)()) noexcept;

  const Program& program_;
  Arguments arguments_;
  Reports& reports_;
};

}  // namespace flux
