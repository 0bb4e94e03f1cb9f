// What a FastCGI server, such as PHP's, is asked, and answers (FastCGI Specification 1.0).
//
// A request is a stream of records: its parameters, then its body. So is what comes back: output
// and complaints, in any order, and an end. There is one request on a connection at a time.

#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "runner.hpp"

namespace fastcgi {

// The server can't be reached, or what it says is no FastCGI.
using Error = ScriptError;

// The connection is no more.
class BrokenOff : public Error {
 public:
  using Error::Error;
};

// A whole request.
std::string encode(const Parameters& parameters, std::string_view body);

// A request without its body.
std::string begin(const Parameters& parameters);

// At most 65,535 bytes of a body, or its end: none.
std::string part_of_body(std::string_view data);

// What comes back of a request.
class Output {
 public:
  // Add bytes; Error if they make no sense.
  void feed(std::string_view data);

  // The text that has come since the last call.
  std::string take() { return std::exchange(text_, {}); }

  // Whether the end has come; and whether nothing has come behind it.
  [[nodiscard]] bool is_over() const { return is_over_; }
  [[nodiscard]] bool is_clean() const { return is_over_ && buffer_.empty(); }

  [[nodiscard]] const std::string& complaints() const { return complaints_; }

 private:
  void take(unsigned char kind, std::string_view content);

  bool is_over_ = false;
  std::string buffer_;
  std::string text_;
  std::string complaints_;
};

}  // namespace fastcgi
