// When requests fall due, and for what, as it was decided before.

#pragma once

#include <string>
#include <vector>

#include "options.hpp"

namespace load {

struct Planned {
  Seconds due;  // after the start
  std::size_t target;
};

// The lines `seconds target` of a file, in the order of time. Throws std::runtime_error if it can't
// be read, has none, or asks for a target that isn't among so many.
std::vector<Planned> read_schedule(const std::string& path, std::size_t targets);

}  // namespace load
