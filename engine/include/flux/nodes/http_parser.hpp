// Bytes in, requests out: the codec's reading half. It does no I/O.
//
//   while (!(request = parser.next())) {
//     const std::span<char> room = parser.prepare();
//     parser.commit(read(descriptor, room.data(), room.size()));
//   }

#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "flux/nodes/http_message.hpp"

namespace flux::nodes {

// Reads requests, one after another, from bytes in pieces of any size. Once its memory has grown to
// the size of the requests that come, reading one allocates nothing.
class RequestParser {
 public:
  explicit RequestParser(const Limits& limits = {});
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;
  ~RequestParser();

  // Room for `size` bytes or more; `commit` tells how many were written there.
  std::span<char> prepare(std::size_t size = 4096);
  void commit(std::size_t size) noexcept;

  // Adds a copy of these bytes.
  void feed(std::string_view data);

  // The next request once it is whole, else null. It is valid until `next`, `prepare`, `feed` or
  // `release` is called. Throws HttpError if it can't become one; after that nothing more can be
  // read, for where the next request begins isn't known. After one whose body is left there is no
  // other.
  const Request* next();

  // How many bytes of the last request's body are left to be taken.
  std::uint64_t left() const noexcept;

  // Takes some of them that have come, perhaps none; the request stays valid.
  std::size_t take(std::span<char> into) noexcept;

  // Some of them have come another way.
  void note_taken(std::size_t size) noexcept;

  // What to send before more can come: once, if the client waits for leave to go on; else "".
  std::string_view continuation() noexcept;

  // The bytes that came after the last request.
  std::string_view rest() const noexcept;

  // Whether the last request said that no other follows, and none does (RFC 9112, 9.6).
  bool is_over() const noexcept;

  // Ends the last request, and gives back memory that only it needed: for a connection that now
  // waits for its client.
  void release() noexcept;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace flux::nodes
