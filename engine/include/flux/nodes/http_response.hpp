// Responses as bytes: the codec's writing half.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "flux/nodes/bytes.hpp"
#include "flux/nodes/http_message.hpp"

namespace flux::nodes {

// A response's head, and a view of its body, which must live until it is sent.
class Response {
 public:
  static constexpr std::size_t max_head = 4096;

  std::string_view head() const noexcept { return {text_.data(), size_}; }
  Bytes body() const noexcept { return body_; }

  // Both, for one `connection.send(response.parts())`; the body is empty if there is none to send.
  std::array<Bytes, 2> parts() const noexcept { return {head(), body_}; }

 private:
  friend class ResponseWriter;
  Response() = default;

  std::array<char, max_head> text_;
  std::size_t size_ = 0;
  Bytes body_;
};

// How a client learns where a body ends.
enum class Framing { length, chunks, end };

struct ResponseOptions {
  bool head = false;  // the answer to HEAD: the body counts for the length and isn't sent
  bool keep_alive = true;
  std::optional<std::uint64_t> length = {};  // of a body that the caller sends afterwards
  Framing framing = Framing::length;         // else the caller sends chunks, or until the end
};

// Date, Content-Length and Connection are added; statuses below 200, 204 and 304 have neither body
// nor length. Throws std::invalid_argument for an unknown status, for one of those fields (or
// Transfer-Encoding), for a name or value that could break out of its line, and for a connection
// that is kept beyond the end which its body needs; std::length_error for a head longer than
// `Response::max_head`.
Response response(int status, std::span<const Field> headers, Bytes body = {},
                  ResponseOptions options = {});
Response response(int status, std::initializer_list<Field> headers = {}, Bytes body = {},
                  ResponseOptions options = {});

}  // namespace flux::nodes
