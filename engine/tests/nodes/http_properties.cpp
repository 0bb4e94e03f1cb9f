#include "http_properties.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "http_cases.hpp"
#include "nodes/http_characters.hpp"

namespace http_properties {

using namespace flux::nodes;

namespace {

constexpr Limits tight{.target = 40, .headers = 200, .header_count = 4, .body = 20};
constexpr std::size_t longest_for_single_bytes = 1000;

void require(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

// Cuts the bytes into pieces whose sizes follow from a seed.
std::vector<std::string_view> cut(std::string_view data, unsigned seed) {
  std::vector<std::string_view> pieces;
  while (!data.empty()) {
    seed = seed * 1103515245 + 12345;
    const std::size_t size = 1 + (seed >> 16) % (1 + data.size() / 2);
    pieces.push_back(data.substr(0, size));
    data.remove_prefix(std::min(size, data.size()));
  }
  return pieces;
}

std::vector<std::string_view> single_bytes(std::string_view data) {
  std::vector<std::string_view> pieces;
  for (std::size_t at = 0; at < data.size(); ++at) pieces.push_back(data.substr(at, 1));
  return pieces;
}

void check_cuts(const Limits& limits, std::string_view data, unsigned seed) {
  const auto whole = http_cases::outcome(limits, std::vector{data});
  require(http_cases::outcome(limits, cut(data, seed)) == whole, "pieces matter");
  if (data.size() > longest_for_single_bytes) return;
  require(http_cases::outcome(limits, single_bytes(data)) == whole, "single bytes matter");
}

void check_limits(const Request& request, const Limits& limits) {
  std::size_t size = request.method.size() + request.target.size();
  for (const auto& [name, value] : request.headers) size += name.size() + value.size();
  require(request.target.size() <= limits.target, "the target is too long");
  require(request.headers.size() <= limits.header_count, "there are too many fields");
  require(size <= limits.headers, "the head is too long");
  require(request.body.size() <= limits.body, "the body is too long");
}

// The views follow each other in one piece of memory.
void check_order(const Request& request) {
  const char* last = request.method.data();
  const auto follows = [&last](std::string_view part) {
    require(part.empty() || part.data() >= last, "views are out of order");
    if (!part.empty()) last = part.data() + part.size();
  };
  follows(request.target);
  for (const Field& field : request.headers) {
    follows(field.name);
    follows(field.value);
  }
  follows(request.body);
}

void check_target(const Request& request) {
  const bool is_server = request.path == "*" && request.method == "OPTIONS";
  require(is_server || request.path.starts_with('/'), "the path is not absolute");
  require(request.path.find('\0') == std::string_view::npos, "there is NUL in the path");
  const std::string clean = clean_path(request.path).value_or("");
  require(!clean.starts_with('/') && clean != ".." && !clean.starts_with("../") &&
              clean.find("/../") == std::string::npos && !clean.ends_with("/.."),
          "the clean path leaves the root");
}

// What came in a field may go out in one, and stays in its line.
void check_fields(const Request& request) {
  std::vector<Field> fields;
  std::size_t size = 0;
  for (const Field& field : request.headers) {
    const bool is_ours = http::same(field.name, "connection") || http::same(field.name, "date") ||
                         http::same(field.name, "content-length") ||
                         http::same(field.name, "transfer-encoding");
    size += field.name.size() + field.value.size() + 4;
    if (!is_ours && size < Response::max_head / 2) fields.push_back(field);
  }
  const Response reply = response(200, fields);
  const auto lines = std::count(reply.head().begin(), reply.head().end(), '\n');
  require(lines == static_cast<std::ptrdiff_t>(fields.size()) + 5, "a field leaves its line");
}

// The request as a careful client would send it.
std::string rewritten(const Request& request) {
  std::string text(request.method);
  text.append(" ").append(request.target).append(" HTTP/").append(request.version).append("\r\n");
  for (const auto& [name, value] : request.headers) {
    if (http::same(name, "content-length") || http::same(name, "transfer-encoding")) continue;
    text.append(name).append(": ").append(value).append("\r\n");
  }
  text.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n\r\n");
  return text.append(request.body);
}

// Whoever it is sent on to sees the same request.
void check_rewriting(const Request& request, const Limits& limits) {
  RequestParser other({.target = limits.target,
                       .headers = 2 * limits.headers + 1000,
                       .header_count = limits.header_count + 1,
                       .body = limits.body});
  other.feed(rewritten(request));
  const Request* const same = other.next();
  require(same != nullptr && other.rest().empty(), "the request changes its length");
  require(same->method == request.method && same->target == request.target &&
              same->path == request.path && same->query == request.query &&
              same->version == request.version && same->body == request.body &&
              same->keep_alive == request.keep_alive,
          "the request changes when it is sent on");
}

bool refuses(RequestParser& parser) {
  try {
    parser.next();
  } catch (const HttpError&) {
    return true;
  }
  return false;
}

void check_requests(const Limits& limits, std::string_view data) {
  RequestParser parser(limits);
  parser.feed(data);
  try {
    while (const Request* request = parser.next()) {
      check_limits(*request, limits);
      check_order(*request);
      check_target(*request);
      check_fields(*request);
      check_rewriting(*request, limits);
    }
  } catch (const HttpError&) {
    parser.feed("GET / HTTP/1.0\r\n\r\n");
    require(refuses(parser), "a request follows an error");
  }
  require(parser.rest().size() <= data.size() + 18, "there is more left than has come");
}

}  // namespace

void check(std::string_view input) {
  if (input.size() < 2) return;
  const Limits limits = input[0] % 2 != 0 ? tight : Limits{};
  const std::string_view data = input.substr(2);
  check_cuts(limits, data, static_cast<unsigned char>(input[1]));
  check_requests(limits, data);
}

}  // namespace http_properties
