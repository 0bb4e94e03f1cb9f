// Which encoded form of a page a client likes best (RFC 9110, 12.5.3).

#pragma once

#include <span>
#include <string_view>

#include "pages.hpp"

// The best of the forms that there are, in the order of our own liking; the first is the plain one.
//
// That is for who accepts nothing else, and for who likes it better.
const Form& best_form(std::span<const Form> there, std::span<const std::string_view> accepted);
