#include "http_chunks.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "http_characters.hpp"

namespace flux::nodes::http {

namespace {

constexpr std::size_t longest_size = 15;  // digits: more than any body, and no overflow

// What follows a chunk's size: nothing, or extensions.
bool is_extension(std::string_view text) noexcept {
  return text.empty() || (strip(text).starts_with(';') && is_text(text));
}

bool is_trailer(std::string_view text) noexcept {
  const std::size_t name = count(Class::token, text);
  return name > 0 && name < text.size() && text[name] == ':' && is_text(text.substr(name));
}

// What is wrong with chunks that would be left to be read, were their length told.
HttpError beyond(std::size_t size, const Limits& limits) {
  if (size > limits.streamed) return HttpError(413);
  return HttpError(
      411, "a body of more than " + std::to_string(limits.body) + " bytes needs a Content-Length");
}

}  // namespace

bool Chunks::read(Input& input, const Limits& limits) {
  bool goes_on = true;
  while (goes_on && place_ != Place::end) {
    switch (place_) {
      case Place::size:
        goes_on = read_size(input, limits);
        break;
      case Place::content:
        goes_on = read_content(input);
        break;
      case Place::content_end:
        goes_on = read_content_end(input);
        break;
      case Place::trailers:
      case Place::end:
        goes_on = read_trailer(input, limits);
        break;
    }
  }
  return goes_on;
}

bool Chunks::read_size(Input& input, const Limits& limits) {
  const std::string_view line = next_line(input, limits);
  if (line.empty()) return false;
  const std::string_view text = line.substr(0, line.size() - line_end.size());
  std::size_t size = 0;
  const char* const end = text.data() + std::min(text.size(), longest_size);
  const std::size_t digits =
      static_cast<std::size_t>(std::from_chars(text.data(), end, size, 16).ptr - text.data());
  if (digits == 0 || !is_extension(text.substr(digits))) {
    throw HttpError(400, "malformed chunk size");
  }
  if (size > limits.body - body_) throw beyond(body_ + size, limits);
  extra_ += text.size() - digits;
  body_ += size;
  missing_ = size;
  place_ = size > 0 ? Place::content : Place::trailers;
  input.drop(line.size());
  return true;
}

bool Chunks::read_content(Input& input) {
  const std::size_t size = std::min(missing_, input.unread().size());
  input.keep(size);
  missing_ -= size;
  if (missing_ > 0) return false;
  place_ = Place::content_end;
  return true;
}

bool Chunks::read_content_end(Input& input) {
  if (input.unread().size() < line_end.size()) return false;
  if (!input.unread().starts_with(line_end)) throw HttpError(400, "a chunk must end with CR LF");
  input.drop(line_end.size());
  place_ = Place::size;
  return true;
}

bool Chunks::read_trailer(Input& input, const Limits& limits) {
  const std::string_view line = next_line(input, limits);
  if (line.empty()) return false;
  const std::string_view text = line.substr(0, line.size() - line_end.size());
  if (!text.empty() && !is_trailer(text)) throw HttpError(400, "malformed trailer");
  extra_ += text.size();
  if (text.empty()) place_ = Place::end;
  input.drop(line.size());
  return true;
}

// The next line, or nothing until it is whole.
std::string_view Chunks::next_line(Input& input, const Limits& limits) const {
  const std::string_view line = input.line();
  const std::size_t size = line.empty() ? input.unread().size() : line.size() - 1;
  if (extra_ + size > limits.headers) throw HttpError(431, "too much between the chunks");
  if (!line.empty() && !line.ends_with(line_end))
    throw HttpError(400, "a line must end with CR LF");
  return line;
}

}  // namespace flux::nodes::http
