// The types that flow in replies.flux.

#pragma once

#include <flux/nodes/http.hpp>
#include <string>

using flux::nodes::Connection;
using flux::nodes::Request;  // views, which live until the connection's next request is read

// What there is at a path; it lives as long as the server.
struct Page {
  std::string path;
  std::string text;
  std::string tag;
};

// What a client is told; without a page, that there is none.
struct Reply {
  int status = 404;
  const Page* page = nullptr;
  bool head = false;
  bool keep_alive = false;
};
