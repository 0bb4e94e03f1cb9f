// Times as HTTP writes them (RFC 9110, 5.6.7).

#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

// A moment, in seconds since 1970.
std::string write_date(std::time_t seconds);

// The moment, in seconds since 1970, if this is a date in one of the three forms.
std::optional<std::time_t> read_date(std::string_view text);
