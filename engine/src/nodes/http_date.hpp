// The time as HTTP writes it (RFC 9110, 5.6.7).

#pragma once

#include <ctime>
#include <string_view>

namespace flux::nodes::http {

// A moment, such as `Sun, 06 Nov 1994 08:49:37 GMT`: valid until the thread asks for another.
std::string_view date(std::time_t moment) noexcept;

}  // namespace flux::nodes::http
