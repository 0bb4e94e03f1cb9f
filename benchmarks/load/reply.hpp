// One reply as it arrives: read piece by piece, and compared with what must come.

#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>

#include "target.hpp"

namespace load {

// Why a client has no good reply.
enum class Failure { connect, broken, malformed, status, field, length, bytes, patience };

constexpr const char* failure_names[] = {"connect", "broken", "malformed", "status",
                                         "field",   "length", "bytes",     "patience"};

class Failed : public std::exception {
 public:
  explicit Failed(Failure reason) : reason_{reason} {}
  Failure reason() const { return reason_; }

 private:
  Failure reason_;
};

// Each piece of a body is sampled at its start; of every 16th reply, all bytes are compared.
class Reply {
 public:
  // `field` is a header line that must be among the others, if it isn't empty.
  void await(const Target& target, std::string_view field);

  // Take some bytes; whether the reply is whole now. Throws Failed if it isn't the right one.
  bool take(std::string_view bytes);

  bool has_begun() const { return !head_.empty(); }

  // Whether the server closes the connection.
  bool closes() const { return closes_; }

 private:
  void take_head(std::string_view& bytes);
  void read_head() const;
  std::size_t length() const;
  void compare(std::string_view piece) const;

  const Target* target_ = nullptr;
  std::string_view field_;
  std::string head_;
  std::size_t received_ = 0;  // of the body
  unsigned count_ = 0;
  bool in_body_ = false;
  bool closes_ = false;
};

}  // namespace load
