// Whether a client wants what there is (RFC 9110, 13).

#pragma once

#include <ctime>
#include <flux/nodes/http_message.hpp>
#include <string_view>

// What tells one state of a page from another: its tag, and when it was modified.
struct Validators {
  std::string_view tag;
  std::time_t modified;  // in seconds since 1970
  std::time_t now;

  // 304 or 412 if the conditions ask for that, in the order that 13.2.2 says; else 0.
  [[nodiscard]] int failed(const flux::nodes::Headers& headers) const;

  // Whether If-Range lets a client have a part (13.1.5).
  [[nodiscard]] bool allow_range(const flux::nodes::Headers& headers) const;

 private:
  [[nodiscard]] bool is_among(std::string_view name, const flux::nodes::Headers& headers,
                              bool weak) const;
};
