// Requests to scripts, as CGI has them (RFC 3875, 4).

#pragma once

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

// What a script answers; 502, 503 or 504 if it can't.
Reply run(Runner& runner, const Request& request, const Found& page, const Place& place);
