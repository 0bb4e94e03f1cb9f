// What must hold whatever bytes come: for the fuzzer, and for what it has found.

#pragma once

#include <string_view>

namespace http_properties {

// Reads these bytes in many ways: the first two say in which, the others are a client's. Throws
// std::logic_error if something doesn't hold.
void check(std::string_view input);

}  // namespace http_properties
