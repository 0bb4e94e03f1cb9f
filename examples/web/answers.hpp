// Replies to sound requests: a page, parts of it, that it hasn't changed, or why there is none.

#pragma once

#include <ctime>
#include <string_view>

#include "exchange.hpp"

// A line of text that says what is wrong.
Reply refusal(int status, std::string_view reason = {});

// What a client gets of the page that it asked for.
Reply represent(const flux::nodes::Request& request, const Found& page, std::time_t now);
