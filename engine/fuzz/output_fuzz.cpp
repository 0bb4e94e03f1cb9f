// The fuzzer of what scripts say: CGI's responses, in whatever pieces they come.

#include <cstddef>
#include <cstdint>
#include <string>

#include "web_outcomes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  web_outcomes::outcome("s" + std::string{reinterpret_cast<const char*>(data), size});
  return 0;
}
