// The outcomes of the web server's parsers, for the fuzzer in Python.

#include <algorithm>
#include <cstddef>

#include "web_outcomes.hpp"

// The size of what comes of an input, of which as much is written as there is room for.
extern "C" std::size_t web_outcome(const char* input, std::size_t size, char* room,
                                   std::size_t most) {
  const auto told = web_outcomes::outcome({input, size});
  told.copy(room, most);
  return told.size();
}
