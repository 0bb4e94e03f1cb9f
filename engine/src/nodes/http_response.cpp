#include "flux/nodes/http_response.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <string>

#include "http_characters.hpp"
#include "http_date.hpp"

namespace flux::nodes {

namespace {

// Whether a response of this status never has a body, nor a length.
constexpr bool is_bodiless(int status) noexcept {
  return status < 200 || status == 204 || status == 304;
}

// Whether `response` adds this field itself.
bool is_ours(std::string_view name) noexcept {
  switch (name.size()) {
    case 4:
      return http::same(name, "date");
    case 10:
      return http::same(name, "connection");
    case 14:
      return http::same(name, "content-length");
    case 17:
      return http::same(name, "transfer-encoding");
    default:
      return false;
  }
}

void check(const Field& field) {
  const bool is_name =
      !field.name.empty() && http::count(http::Class::token, field.name) == field.name.size();
  if (!is_name || !http::is_text(field.value)) {
    throw std::invalid_argument("not a header field: " + std::string(field.name));
  }
  if (is_ours(field.name)) {
    throw std::invalid_argument(std::string(field.name) + " is added by `response`");
  }
}

[[noreturn, gnu::cold]] void refuse_length() {
  throw std::length_error("a response's head is longer than " + std::to_string(Response::max_head) +
                          " bytes");
}

}  // namespace

class ResponseWriter {
 public:
  static Response write(int status, std::span<const Field> headers, Bytes body,
                        ResponseOptions options);

 private:
  explicit ResponseWriter(Response& response) noexcept
      : at_{response.text_.begin()}, end_{response.text_.end()} {}

  // Inline, so that a text of known length is a few moves.
  [[gnu::always_inline]] void write(std::string_view text) {
    if (text.size() > static_cast<std::size_t>(end_ - at_)) [[unlikely]] {
      refuse_length();
    }
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  void write(std::uint64_t number);
  void write_status(int status);
  void write(const Field& field);
  void write_framing(std::uint64_t length, const ResponseOptions& options);

  char* at_;
  char* const end_;
};

Response ResponseWriter::write(int status, std::span<const Field> headers, Bytes body,
                               ResponseOptions options) {
  Response response;
  ResponseWriter writer(response);
  writer.write_status(status);
  writer.write("\r\nDate: ");
  writer.write(http::date(std::time(nullptr)));
  for (const Field& field : headers) writer.write(field);
  if (!is_bodiless(status)) {
    writer.write_framing(options.length.value_or(body.size()), options);
    if (!options.head) response.body_ = body;
  }
  if (options.keep_alive) {
    writer.write("\r\nConnection: keep-alive\r\n\r\n");
  } else {
    writer.write("\r\nConnection: close\r\n\r\n");
  }
  response.size_ = static_cast<std::size_t>(writer.at_ - response.text_.begin());
  return response;
}

void ResponseWriter::write(std::uint64_t number) {
  const auto [end, error] = std::to_chars(at_, end_, number);
  if (error != std::errc{}) refuse_length();
  at_ = end;
}

void ResponseWriter::write_status(int status) {
  const std::string_view phrase = reason_phrase(status);
  if (phrase.empty()) throw std::invalid_argument("no HTTP status: " + std::to_string(status));
  const auto digit = [status](int unit) { return static_cast<char>('0' + status / unit % 10); };
  const std::array digits{digit(100), digit(10), digit(1), ' '};
  write("HTTP/1.1 ");
  write({digits.data(), digits.size()});
  write(phrase);
}

void ResponseWriter::write(const Field& field) {
  check(field);
  write("\r\n");
  write(field.name);
  write(": ");
  write(field.value);
}

void ResponseWriter::write_framing(std::uint64_t length, const ResponseOptions& options) {
  switch (options.framing) {
    case Framing::length:
      write("\r\nContent-Length: ");
      return write(length);
    case Framing::chunks:
      return write("\r\nTransfer-Encoding: chunked");
    case Framing::end:
      if (options.keep_alive) throw std::invalid_argument("a kept connection can't end a body");
  }
}

Response response(int status, std::span<const Field> headers, Bytes body, ResponseOptions options) {
  return ResponseWriter::write(status, headers, body, options);
}

Response response(int status, std::initializer_list<Field> headers, Bytes body,
                  ResponseOptions options) {
  return response(status, std::span(headers.begin(), headers.size()), body, options);
}

}  // namespace flux::nodes
