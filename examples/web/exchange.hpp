// What a client asks, and what it is answered.

#pragma once

#include <chrono>
#include <cstdint>
#include <flux/nodes/http.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pages.hpp"
#include "runner.hpp"
#include "sites.hpp"

// A request, and the connection that it came on; `http` looks into it, as long as it isn't kept.
// `site` is what it is about.
struct Request {
  flux::nodes::Connection conn;
  flux::nodes::Request http;  // empty if it could not be read
  Site* site = nullptr;       // none, then
  std::chrono::system_clock::time_point moment;
};

// A part of a body: bytes in memory, or `size` bytes of a file.
struct Piece {
  Content content;
  std::uint64_t start = 0;
  std::uint64_t size = 0;
};

// A piece of these bytes.
inline Piece in_memory(std::string text) {
  const auto size = text.size();
  return {std::make_shared<const std::string>(std::move(text)), 0, size};
}

// An answer. Once it is sent: how much of the body went out, and whether all is well.
//
// Its fields are those `known` of what is sent, if it has such, and `fields`. What `rest` says is
// the body's rest, of whatever length.
struct Reply {
  using Fields = ::Fields;

  int status = 200;
  std::shared_ptr<const Fields> known = {};
  Fields fields = {};
  std::vector<Piece> body = {};
  std::shared_ptr<Script> rest = {};
  bool keep_alive = true;
  bool is_sent = false;
  std::uint64_t sent = 0;
  bool broken = false;

  // The body's bytes, but for the rest.
  [[nodiscard]] std::uint64_t length() const {
    std::uint64_t sum = 0;
    for (const auto& piece : body) sum += piece.size;
    return sum;
  }
};
