// Asking a FastCGI server, such as PHP's, as a client (FastCGI Specification 1.0).
//
// A request is a stream of records: its parameters, then its body. So is what comes back: output
// and complaints, in any order, and an end. Each request has a connection of its own. The server
// may answer before it has read everything, so that sending and receiving take turns.

#pragma once

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fastcgi {

// The server can't be reached, or what it says is no FastCGI.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// It took too long.
class TooSlow : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

// A whole request.
std::string encode(const Parameters& parameters, std::string_view body);

// What comes back: text and complaints, of at most `most` bytes together.
class Output {
 public:
  explicit Output(std::size_t most) : most_{most} {}

  // Add bytes; whether this is the end. Error if they make no sense, or are too many.
  bool feed(std::string_view data);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::string& complaints() const { return complaints_; }

 private:
  bool take(unsigned char kind, std::string_view content);

  std::size_t most_;
  std::string buffer_;
  std::string text_;
  std::string complaints_;
};

// Send a request to `host:port` or to the path of a socket, and read the answer; Error, TooSlow.
void ask(const std::string& address, std::string_view request, Output& output,
         std::chrono::milliseconds timeout);

}  // namespace fastcgi
