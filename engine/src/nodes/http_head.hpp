// The head of a request: its first line and its header fields, read strictly.
//
// What is read is remembered as offsets from the start of the head, for the head may be moved while
// the body comes; only a whole request is made of views.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "flux/nodes/http_message.hpp"
#include "http_framing.hpp"

namespace flux::nodes::http {

// A part of the head.
struct Slice {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;

  std::string_view of(const char* head) const noexcept { return {head + begin, size}; }
};

class Head {
 public:
  // Begin a new head with its first line, the end included.
  void read_request_line(std::string_view line, const Limits& limits);

  // Read a header field, its line's end included; the head starts at `head`.
  void read_field(std::string_view line, const char* head, const Limits& limits);

  // Check what needs the whole head.
  void finish(const char* head, const Limits& limits);

  const Framing& framing() const noexcept { return framing_; }

  // The request, as views of a head that starts at `head`.
  Request request(const char* head, std::string_view body);

  // Give back what the largest paths needed.
  void release() noexcept { decoded_ = std::string(); }

 private:
  struct Place {
    Slice name;
    Slice value;
  };

  Slice method_;
  Slice target_;
  Slice path_;
  Slice query_;
  bool is_decoded_ = false;  // whether the path isn't as the target has it, but `decoded_`
  std::string decoded_;
  std::vector<Place> places_;
  std::vector<Field> fields_;  // those of the last whole request
  Framing framing_;
};

}  // namespace flux::nodes::http
