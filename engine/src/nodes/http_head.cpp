#include "http_head.hpp"

#include "http_characters.hpp"
#include "http_target.hpp"

namespace flux::nodes::http {

namespace {

Slice slice(std::string_view part, const char* head) noexcept {
  if (part.empty()) return {};
  return {static_cast<std::uint32_t>(part.data() - head), static_cast<std::uint32_t>(part.size())};
}

// Whether this is ` HTTP/`, two digits with a dot between them, and a line's end.
bool is_version(std::string_view text) noexcept {
  constexpr std::string_view start = " HTTP/";
  const auto is_digit = [text](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  return text.size() == start.size() + 5 && text.starts_with(start) && is_digit(start.size()) &&
         text[start.size() + 1] == '.' && is_digit(start.size() + 2) && text.ends_with(line_end);
}

// Says what is wrong with a line that is no header field.
[[noreturn]] void refuse_field(std::string_view line) {
  if (!line.ends_with(line_end)) throw HttpError(400, "a line must end with CR LF");
  line.remove_suffix(line_end.size());
  if (line.find('\r') != line.npos) throw HttpError(400, "a line must end with CR LF");
  if (!is_text(line)) throw HttpError(400, "control character");
  if (line.starts_with(' ') || line.starts_with('\t')) throw HttpError(400, "folded header field");
  throw HttpError(400, "malformed header field");
}

}  // namespace

void Head::read_request_line(std::string_view line, const Limits& limits) {
  const std::string_view method = line.substr(0, count(Class::token, line));
  const std::size_t start = method.size() + 1;
  if (method.empty() || line[method.size()] != ' ') throw HttpError(400, "malformed request line");
  const std::string_view target = line.substr(start, count(Class::target, line.substr(start)));
  const std::string_view version = line.substr(start + target.size());
  if (target.empty() || !is_version(version)) throw HttpError(400, "malformed request line");
  if (target.size() > limits.target) throw HttpError(414);
  if (!version.starts_with(" HTTP/1")) throw HttpError(505);
  method_ = slice(method, line.data());
  target_ = slice(target, line.data());
  places_.clear();
  framing_ = Framing(version == " HTTP/1.0\r\n");  // a later one is read as 1.1 (RFC 9110, 6.2)
}

void Head::read_field(std::string_view line, const char* head, const Limits& limits) {
  const std::string_view name = line.substr(0, count(Class::token, line));
  if (name.empty() || line[name.size()] != ':' || !line.ends_with(line_end)) refuse_field(line);
  const std::size_t start = name.size() + 1;
  const std::string_view value = strip(line.substr(start, line.size() - line_end.size() - start));
  if (!is_text(value)) refuse_field(line);
  if (places_.size() == limits.header_count) throw HttpError(431, "too many header fields");
  places_.push_back({slice(name, head), slice(value, head)});
  framing_.note({name, value});
}

void Head::finish(const char* head, const Limits& limits) {
  const auto [path, query] = split_target(method_.of(head), target_.of(head), decoded_);
  is_decoded_ = path.data() == decoded_.data();
  path_ = is_decoded_ ? Slice{} : slice(path, head);
  query_ = slice(query, head);
  framing_.check(limits);
}

Request Head::request(const char* head, std::string_view body) {
  fields_.clear();
  for (const auto& [name, value] : places_) fields_.push_back({name.of(head), value.of(head)});
  return {
      .method = method_.of(head),
      .target = target_.of(head),
      .path = is_decoded_ ? decoded_ : path_.of(head),
      .query = query_.of(head),
      .version = framing_.is_old() ? "1.0" : "1.1",
      .headers = Headers(fields_),
      .body = body,
      .keep_alive = framing_.keep_alive(),
  };
}

}  // namespace flux::nodes::http
