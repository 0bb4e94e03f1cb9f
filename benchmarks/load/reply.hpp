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

// What replies are held to.
struct Check {
  std::string_view field;  // a header line that must be among the others, if it isn't empty
  unsigned compare_every;  // of so many replies, all bytes of one are compared
};

// Each piece of a body is sampled at its start; of some replies, all bytes are compared. Of the
// others, only a first piece has to be taken: what is left may be skipped.
class Reply {
 public:
  void await(const Target& target, const Check& check);

  // Take some bytes; whether the reply is whole now. Throws Failed if it isn't the right one.
  bool take(std::string_view bytes);

  // How many bytes of the body are left that nobody looks at; 0 before they may be skipped.
  std::size_t unseen() const;

  // The same as `take`, of some of these.
  bool skip(std::size_t size);

  // How many bytes to take at once, so that others can be skipped; 0 is as many as there are.
  std::size_t piece() const;

  // Whether the server closes the connection.
  bool closes() const { return closes_; }

 private:
  void take_head(std::string_view& bytes);
  void read_head(std::string_view head);
  bool is_compared() const { return (count_ - 1) % check_.compare_every == 0; }  // all of it
  void compare(std::string_view piece) const;

  const Target* target_ = nullptr;
  Check check_{{}, 1};
  std::string head_;          // as far as it came, if it didn't come whole
  std::size_t received_ = 0;  // of the body
  unsigned count_ = 0;
  bool in_body_ = false;
  bool closes_ = false;
};

}  // namespace load
