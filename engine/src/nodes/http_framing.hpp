// What the header fields say about the message itself: where its body ends (RFC 9112, 6.3), and
// whether the connection goes on (9.3).
//
// Both a length and a transfer coding, two lengths, or a length that is no plain number: each is an
// attempt to make two servers disagree, and refused. The only transfer coding is `chunked`.

#pragma once

#include <cstdint>
#include <string_view>

#include "flux/nodes/http_message.hpp"

namespace flux::nodes::http {

class Framing {
 public:
  explicit Framing(bool is_old = false) noexcept : is_old_(is_old) {}

  // Take note of a field, if it matters here.
  void note(const Field& field) noexcept;

  // Check all fields together.
  void check(const Limits& limits) const;

  bool is_old() const noexcept { return is_old_; }  // HTTP/1.0
  bool is_chunked() const noexcept { return is_chunked_; }
  std::uint64_t length() const noexcept { return length_; }
  bool expects_continue() const noexcept { return expectations_ > 0 && !is_old_; }
  bool keep_alive() const noexcept { return !closes_ && (!is_old_ || keeps_); }

 private:
  void note_host(std::string_view value) noexcept;
  void note_length(std::string_view value) noexcept;
  void note_codings(std::string_view value) noexcept;
  void note_options(std::string_view value) noexcept;
  void note_expectation(std::string_view value) noexcept;

  void check_codings() const;
  void check_length(const Limits& limits) const;

  bool is_old_;
  bool has_bad_host_ = false;
  bool has_bad_length_ = false;
  bool has_bad_coding_ = false;
  bool has_unknown_coding_ = false;
  bool is_chunked_ = false;
  bool has_bad_expectation_ = false;
  bool closes_ = false;
  bool keeps_ = false;
  std::uint32_t hosts_ = 0;    // fields
  std::uint32_t lengths_ = 0;  // fields
  std::uint32_t codings_ = 0;  // fields
  std::uint32_t expectations_ = 0;
  std::uint64_t length_ = 0;
};

}  // namespace flux::nodes::http
