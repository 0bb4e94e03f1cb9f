#include "flux/nodes/http_response.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <stdexcept>
#include <string>

#include "http_characters.hpp"
#include "http_date.hpp"

namespace flux::nodes {

namespace {

constexpr std::array<std::string_view, 4> ours = {"date", "content-length", "connection",
                                                  "transfer-encoding"};

// Whether a response of this status never has a body, nor a length.
constexpr bool is_bodiless(int status) noexcept {
  return status < 200 || status == 204 || status == 304;
}

void check(const Field& field) {
  const bool is_name =
      !field.name.empty() && http::count(http::Class::token, field.name) == field.name.size();
  if (!is_name || !http::is_text(field.value)) {
    throw std::invalid_argument("not a header field: " + std::string(field.name));
  }
  for (const std::string_view name : ours) {
    if (http::same(name, field.name)) {
      throw std::invalid_argument(std::string(field.name) + " is added by `response`");
    }
  }
}

}  // namespace

class ResponseWriter {
 public:
  static Response write(int status, std::span<const Field> headers, Bytes body,
                        ResponseOptions options);

 private:
  explicit ResponseWriter(Response& response) : response_(response) {}

  void write(std::string_view text);
  void write(std::size_t number);
  void write_status(int status);
  void write(const Field& field);

  Response& response_;
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
    writer.write("\r\nContent-Length: ");
    writer.write(body.size());
    if (!options.head) response.body_ = body;
  }
  writer.write(options.keep_alive ? "\r\nConnection: keep-alive\r\n\r\n"
                                  : "\r\nConnection: close\r\n\r\n");
  return response;
}

void ResponseWriter::write(std::string_view text) {
  if (text.size() > response_.text_.size() - response_.size_) {
    throw std::length_error("a response's head is longer than " +
                            std::to_string(Response::max_head) + " bytes");
  }
  text.copy(response_.text_.data() + response_.size_, text.size());
  response_.size_ += text.size();
}

void ResponseWriter::write(std::size_t number) {
  std::array<char, 20> digits;
  const char* const end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  write({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void ResponseWriter::write_status(int status) {
  const std::string_view phrase = reason_phrase(status);
  if (phrase.empty()) throw std::invalid_argument("no HTTP status: " + std::to_string(status));
  write("HTTP/1.1 ");
  write(static_cast<std::size_t>(status));
  write(" ");
  write(phrase);
}

void ResponseWriter::write(const Field& field) {
  check(field);
  write("\r\n");
  write(field.name);
  write(": ");
  write(field.value);
}

Response response(int status, std::span<const Field> headers, Bytes body, ResponseOptions options) {
  return ResponseWriter::write(status, headers, body, options);
}

Response response(int status, std::initializer_list<Field> headers, Bytes body,
                  ResponseOptions options) {
  return response(status, std::span(headers.begin(), headers.size()), body, options);
}

}  // namespace flux::nodes
