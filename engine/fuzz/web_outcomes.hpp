// What the web server's parsers make of bytes that come from outside, as a text that the fuzzer in
// Python compares with what its twins there make of them: tests/fuzz/web.py.

#pragma once

#include <string>
#include <string_view>

namespace web_outcomes {

// The first byte says which parser reads the others; of what none reads, nothing comes. Throws if
// it matters in which pieces bytes come.
std::string outcome(std::string_view input);

}  // namespace web_outcomes
