// The names of paths: a number back to the way through the program that it stands for.
//
// These tables are the routines of the Plan without the constraints around their steps, for holding
// adds no ways. How ways are numbered is told at the top of src/flux/runtime/ways.py; this is the
// same arithmetic, modulo 2^64. A source with 2^63 paths or more has no tables.

#pragma once

#include <cstdint>
#include <flux/way.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace flux {

struct Step;

struct Branch {
  std::string label;  // `Handler:[_, hit]`
  std::uint64_t base;
  std::int64_t failed;  // -1 if there are no tests
  std::vector<Step> body;
};

struct Step {
  enum class Kind { call, session, handle, dispatch };

  Kind kind = Kind::call;
  std::string name{};     // the node or the session function
  std::string handler{};  // the node that handles errors
  int routine = -1;       // of the node, or of the handler; a function has none
  Numbers numbers{};
  Ways handled{};
  Ways handling{};
  std::vector<Step> body{};
  std::vector<Branch> branches{};
  std::int64_t no_match = -1;  // if one always matches
};

struct Routine {
  Ways ways{};
  std::vector<Step> body{};
};

// A source, and its turn and its flow by the indexes of their routines.
struct SourcePaths {
  std::string source;
  std::string target;
  int turn = 0;
  int flow = 0;
};

struct Paths {
  std::vector<Routine> routines{};
  std::vector<SourcePaths> sources{};

  // The nodes on a path, in order: `Listen -> ReadRequest -> Handler:[_, hit] -> Write`; "" without
  // tables. Throws std::out_of_range for a number that no path has.
  std::string name(std::string_view source, std::uint64_t number) const;

  // The cases that are chosen on a path, in order: `Handler:[_, hit]`. As `name` otherwise.
  std::vector<std::string> cases(std::string_view source, std::uint64_t number) const;
};

// What tables are written in.
namespace path_tables {

Step call(std::string name, int routine, Numbers numbers);
Step session(std::string name, Numbers numbers);
Step handle(std::string name, std::string handler, int routine, Numbers numbers, Ways handled,
            Ways handling, std::vector<Step> body);
Step dispatch(std::string name, std::vector<Branch> branches, std::int64_t no_match);

}  // namespace path_tables

}  // namespace flux
