// The table of cases that the C++ codec shares with the Python one: tests/nodes/http_cases.txt
// tells how it is written.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "flux/nodes/http.hpp"

namespace http_cases {

struct Case {
  std::string name;
  flux::nodes::Limits limits;
  std::string data;
  std::vector<std::string> expected;
};

// All cases of the table; std::runtime_error if it can't be read.
std::vector<Case> read_cases();

// What the codec gives when these bytes come piece by piece: its requests, and what is wrong at
// last, in the words of the table.
std::vector<std::string> outcome(const flux::nodes::Limits& limits,
                                 std::span<const std::string_view> pieces);

// Whether this was expected; of an error, perhaps only the status is.
bool conforms(const std::string& text, const std::string& expected);

}  // namespace http_cases
