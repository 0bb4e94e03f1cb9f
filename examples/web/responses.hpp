// What scripts say, as CGI has it (RFC 3875, 6), made replies.

#pragma once

#include <memory>

#include "exchange.hpp"
#include "runner.hpp"

// The reply that a script's output is, as far as it has come; 502 if it is none.
//
// The rest of a body that is not over yet follows as it comes. So does that of an answer to HEAD:
// there is none, and nobody knows how long it would have been. The fields go out with the first of
// the body: what fails until that is there throws what `Script::read` does, and can be told.
Reply reply_of(std::shared_ptr<Script> script, bool is_head);
