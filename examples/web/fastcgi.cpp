#include "fastcgi.hpp"

#include <algorithm>
#include <cstddef>

namespace fastcgi {
namespace {

// bytes: version, kind, request (2), size (2), padding, nothing
constexpr std::size_t header = 8;
enum Kind : unsigned char { start = 1, end = 3, params = 4, input = 5, output = 6, error = 7 };
constexpr std::size_t most_of_record = 0xffff;
constexpr std::size_t most_of_complaints = 64 * 1024;  // what is above that is dropped

void append_number(std::string& text, std::size_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    text += static_cast<char>(number >> shift & 0xffU);
  }
}

// Lengths of 128 and more take four bytes.
void append_length(std::string& text, std::size_t size) {
  if (size < 0x80) return append_number(text, size, 1);
  append_number(text, size | 0x8000'0000U, 4);
}

void append_record(std::string& text, Kind kind, std::string_view content) {
  text.append({1, static_cast<char>(kind), 0, 1});
  append_number(text, content.size(), 2);
  text.append(2, '\0').append(content);
}

void append_stream(std::string& text, Kind kind, std::string_view data) {
  for (; !data.empty(); data.remove_prefix(std::min(most_of_record, data.size()))) {
    append_record(text, kind, data.substr(0, most_of_record));
  }
  append_record(text, kind, {});
}

}  // namespace

std::string encode(const Parameters& parameters, std::string_view body) {
  std::string request = begin(parameters);
  append_stream(request, input, body);
  return request;
}

std::string begin(const Parameters& parameters) {
  std::string pairs;
  for (const auto& [name, value] : parameters) {
    append_length(pairs, name.size());
    append_length(pairs, value.size());
    pairs.append(name).append(value);
  }
  std::string request;
  append_record(request, start, {"\0\1\1\0\0\0\0\0", 8});  // a responder that keeps its connection
  append_stream(request, params, pairs);
  return request;
}

std::string part_of_body(std::string_view data) {
  std::string record;
  append_record(record, input, data);
  return record;
}

void Output::feed(std::string_view data) {
  buffer_.append(data);
  std::string_view rest = buffer_;
  while (!is_over_ && rest.size() >= header) {
    const auto byte = [rest](std::size_t at) { return static_cast<unsigned char>(rest[at]); };
    if (byte(0) != 1) throw Error{"not FastCGI"};
    const std::size_t size = byte(4) * 256U + byte(5);
    const std::size_t whole = header + size + byte(6);
    if (rest.size() < whole) break;
    take(byte(1), rest.substr(header, size));
    rest.remove_prefix(whole);
  }
  buffer_.erase(0, buffer_.size() - rest.size());
}

void Output::take(unsigned char kind, std::string_view content) {
  if (kind == end) {
    if (content.size() < 5 || content[4] != 0) throw Error{"the server refuses the request"};
    is_over_ = true;
  } else if (kind == output) {
    text_.append(content);
  } else if (kind == error) {
    complaints_.append(content.substr(0, most_of_complaints - complaints_.size()));
  }
}

}  // namespace fastcgi
