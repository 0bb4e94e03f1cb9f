// The fuzzer of the HTTP codec. What it looks for stands in tests/nodes/http_properties.hpp.

#include <cstddef>
#include <cstdint>

#include "http_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  http_properties::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
