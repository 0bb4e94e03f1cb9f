// Requests to scripts, as CGI has them (RFC 3875), and what scripts answer.

#pragma once

#include <memory>
#include <string>

#include "exchange.hpp"
#include "runner.hpp"

// Where the server listens.
struct Place {
  std::string host;
  int port = 0;
  bool is_encrypted = false;
};

// What a script is told of a request.
Parameters parameters(const Request& request, const Found& page, const Place& place);

// The reply that a script's output is, as far as it has come; 502 if it is none.
//
// The rest of a body that is not over yet follows as it comes. So does that of an answer to HEAD:
// there is none, and nobody knows how long it would have been.
Reply reply_of(std::shared_ptr<Script> script, bool is_head);

// What a script answers; 502, 503 or 504 if it can't.
Reply run(Runner& runner, const Request& request, const Found& page, const Place& place);
