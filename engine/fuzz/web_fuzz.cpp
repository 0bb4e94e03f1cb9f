// The fuzzer of what the web server reads: dates, ranges, codings, conditions, names, paths,
// hosts, and what FastCGI servers say.

#include <cstddef>
#include <cstdint>

#include "web_outcomes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  web_outcomes::outcome({reinterpret_cast<const char*>(data), size});
  return 0;
}
