// Requests to scripts, as CGI has them (RFC 3875), and what scripts answer.

#pragma once

#include <string>
#include <string_view>

#include "exchange.hpp"
#include "fastcgi.hpp"

// Where scripts are, and who runs them.
struct Place {
  std::string root;
  std::string host;
  int port = 0;
};

// What a script is told of a request.
fastcgi::Parameters parameters(const Request& request, const std::string& name, const Place& place);

// The reply that a script's output is; 502 if it is none.
Reply reply_of(std::string_view output);
