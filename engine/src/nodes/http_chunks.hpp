// A body in chunks, each after a line with its size (RFC 9112, 7.1).
//
// Trailers are checked and dropped. Extensions and trailers together count against the limit of the
// headers: else a client could make the server read for ever with chunks of one byte.

#pragma once

#include <cstddef>
#include <string_view>

#include "flux/nodes/http_message.hpp"
#include "http_input.hpp"

namespace flux::nodes::http {

class Chunks {
 public:
  // Read what has come of the body, and keep its content; whether it is whole.
  bool read(Input& input, const Limits& limits);

 private:
  enum class Place { size, content, content_end, trailers, end };

  bool read_size(Input& input, const Limits& limits);
  bool read_content(Input& input);
  bool read_content_end(Input& input);
  bool read_trailer(Input& input, const Limits& limits);
  std::string_view next_line(Input& input, const Limits& limits) const;

  Place place_ = Place::size;
  std::size_t body_ = 0;     // bytes of all chunks so far, those of the present one included
  std::size_t missing_ = 0;  // bytes of the present chunk
  std::size_t extra_ = 0;    // bytes that are not the body's
};

}  // namespace flux::nodes::http
