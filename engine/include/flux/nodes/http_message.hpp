// Requests as data, and what can be wrong with them.
//
// A request is made of views. They look into the parser that read it, and live until that parser
// is asked for the next request or for room; with `read_request`, as long as the connection lives
// and no other request is read from it. What must live longer is to be copied into strings.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace flux::nodes {

// How much of a request is read before it is refused; in bytes, but for `header_count`.
//
// A body of more than `body` bytes, and at most `streamed`, is left to be read by `read_body`, if
// its length is told.
struct Limits {
  std::uint32_t target = 8192;
  std::uint32_t headers = 32 * 1024;
  std::uint32_t header_count = 100;
  std::size_t body = 1024 * 1024;
  std::uint64_t streamed = 0;
};

// A request that gets no ordinary reply: the status to answer with, and the reason.
// As a text it is both: `404 Not Found`.
class HttpError : public std::runtime_error {
 public:
  // Without a reason, that of the status. Throws std::invalid_argument for an unknown status.
  explicit HttpError(int status, std::string_view reason = {});

  int status() const noexcept { return status_; }
  std::string_view reason() const noexcept;

 private:
  int status_;
};

// The standard's words for a status, such as `Not Found`; empty if it has none.
std::string_view reason_phrase(int status) noexcept;

// A header field.
struct Field {
  std::string_view name;
  std::string_view value;
};

// Header fields in the order of the request; names are found in any case.
class Headers {
 public:
  Headers() = default;
  explicit Headers(std::span<const Field> fields) : fields_(fields) {}

  // The value of a field, the first if it is repeated.
  std::optional<std::string_view> get(std::string_view name) const noexcept;

  // Every value of a field.
  std::vector<std::string_view> all(std::string_view name) const;

  std::size_t size() const noexcept { return fields_.size(); }
  auto begin() const noexcept { return fields_.begin(); }
  auto end() const noexcept { return fields_.end(); }

 private:
  std::span<const Field> fields_;
};

// A whole request. `path` is percent-decoded and may hold `..`: see `clean_path`.
//
// Of one whose body is left to be read, `unread` has the number of its bytes, and `awaits_leave`
// whether the client waits for `100 Continue`; no other request follows it.
struct Request {
  std::string_view method;
  std::string_view target;
  std::string_view path;
  std::string_view query;
  std::string_view version;
  Headers headers;
  std::string_view body;
  bool keep_alive = false;
  std::uint64_t unread = 0;
  bool awaits_leave = false;
};

// A decoded path relative to the root, without `.`, `..` and empty parts; the root is "".
//
// Nothing if it leaves the root, or holds a backslash or NUL. An encoded slash was decoded before,
// and separates as any other. Symbolic links are the caller's to look after.
std::optional<std::string> clean_path(std::string_view path);

}  // namespace flux::nodes
