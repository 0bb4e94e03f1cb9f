// What generated programs include, and what they give to the engine.

#pragma once

#include <flux/flux.h>

#include <flux/constraint.hpp>
#include <flux/flow.hpp>
#include <flux/hold.hpp>
#include <flux/node.hpp>
#include <flux/paths.hpp>
#include <flux/source.hpp>
#include <string>
#include <vector>

namespace flux {

// A program bound to its implementation; a hook that the implementation lacks is null.
struct Program {
  std::string name;
  std::vector<Source> sources;
  std::vector<NamedNode> nodes{};
  Paths paths{};
  std::string fingerprint{};  // of its plan; "" where nobody knows it
  int (*init)(int argc, char** argv) = nullptr;
  void (*finish)() = nullptr;
  void (*interrupt)() = nullptr;
  void (*shutdown)() = nullptr;
};

// Serve a program as its command line says; the exit status.
int main(Program program, int argc, char** argv);

}  // namespace flux

// Every generated program defines this.
flux::Program flux_program();
