// What is asked for, and what must come.

#pragma once

#include <memory>
#include <string>
#include <vector>

namespace load {

struct Target {
  std::string request;                      // as it is sent
  std::shared_ptr<const std::string> body;  // of the right reply
};

// Those in a file of lines `/target path/of/body`; one that stands there twice is asked for twice
// as often. Throws std::runtime_error if one can't be read.
std::vector<Target> read_targets(const std::string& path);

}  // namespace load
