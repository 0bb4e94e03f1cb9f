// Connections to other servers.

#pragma once

#include <chrono>
#include <string>

#include "socket.hpp"

// A socket that has connected to `host:port`, or to the path of a socket; fastcgi::Error.
Socket connect(const std::string& address, std::chrono::milliseconds patience);
