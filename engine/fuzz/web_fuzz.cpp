// The fuzzer of what the web server reads: dates, ranges, codings, conditions, names, paths, and
// what FastCGI servers say.

#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "web_outcomes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto told = web_outcomes::outcome({reinterpret_cast<const char*>(data), size});
  if (told == "pieces matter") throw std::logic_error(told);
  return 0;
}
