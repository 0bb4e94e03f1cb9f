#include "http_target.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "flux/nodes/http_message.hpp"
#include "http_characters.hpp"

namespace flux::nodes::http {

namespace {

// The methods of HTTP and WebDAV, and some that other protocols send in its form.
constexpr auto methods = std::to_array<std::string_view>(
    {"GET",      "HEAD",      "POST",       "PUT",        "DELETE", "OPTIONS",    "PATCH",
     "TRACE",    "ACL",       "BIND",       "CHECKOUT",   "COPY",   "LINK",       "LOCK",
     "M-SEARCH", "MERGE",     "MKACTIVITY", "MKCALENDAR", "MKCOL",  "MOVE",       "NOTIFY",
     "PROPFIND", "PROPPATCH", "PURGE",      "QUERY",      "REBIND", "REPORT",     "SEARCH",
     "SOURCE",   "SUBSCRIBE", "UNBIND",     "UNLINK",     "UNLOCK", "UNSUBSCRIBE"});

[[noreturn]] void refuse_target() { throw HttpError(400, "malformed target"); }

// What follows scheme and authority of an absolute target: nothing, a path or a query.
std::string_view without_authority(std::string_view target) {
  const std::size_t colon = target.find(':');
  const std::string_view scheme = target.substr(0, colon);
  if (!same(scheme, "http") && !same(scheme, "https")) refuse_target();
  target.remove_prefix(scheme.size());
  if (!target.starts_with("://")) refuse_target();
  target.remove_prefix(3);
  const std::string_view authority = target.substr(0, target.find_first_of("/?#"));
  if (authority.empty() || authority.starts_with(':') || !is_host(authority)) refuse_target();
  return target.substr(authority.size());
}

// What follows a host's name: nothing, or a port.
bool is_port(std::string_view text) noexcept {
  const auto is_digit = [](char character) { return character >= '0' && character <= '9'; };
  return text.empty() || (text[0] == ':' && std::ranges::all_of(text.substr(1), is_digit));
}

// Whether each `%` has two digits behind it.
bool has_whole_escapes(std::string_view text) noexcept {
  for (auto at = text.find('%'); at != text.npos; at = text.find('%', at + 1)) {
    const auto is_digit = [&](std::size_t place) {
      return place < text.size() && digit(text[place]) >= 0;
    };
    if (!is_digit(at + 1) || !is_digit(at + 2)) return false;
  }
  return true;
}

bool is_address(std::string_view text) noexcept {
  std::array<char, INET6_ADDRSTRLEN> copy{};
  if (text.size() >= copy.size()) return false;
  text.copy(copy.data(), text.size());
  in6_addr unread;
  return inet_pton(AF_INET6, copy.data(), &unread) == 1;
}

void decode(std::string_view path, std::string& decoded) {
  decoded.clear();
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (path[at] != '%') {
      decoded += path[at];
      continue;
    }
    const int high = at + 2 < path.size() ? digit(path[at + 1]) : -1;
    const int low = high < 0 ? -1 : digit(path[at + 2]);
    if (low < 0) throw HttpError(400, "malformed escape in the target");
    decoded += static_cast<char>(high * 16 + low);
    at += 2;
  }
}

// How many bytes the UTF-8 sequence has that a text begins with; 0 if it is none (RFC 3629, 4).
std::size_t sequence(std::string_view text) noexcept {
  const auto byte = [text](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
  };
  const auto follows = [&byte](std::size_t at) { return (byte(at) & 0xc0) == 0x80; };
  const unsigned first = byte(0);
  const unsigned second = byte(1);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4 || !follows(1)) return 0;
  if (first < 0xe0) return 2;
  if (!follows(2) || (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return 0;
  if (first < 0xf0) return 3;
  if (!follows(3) || (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) return 0;
  return 4;
}

void check_decoded(std::string_view path) {
  if (path.find('\0') != path.npos) throw HttpError(400, "NUL in the path");
  while (!path.empty()) {
    const std::size_t size = sequence(path);
    if (size == 0) throw HttpError(400, "the path is not UTF-8");
    path.remove_prefix(size);
  }
}

}  // namespace

bool is_host(std::string_view text) noexcept {
  if (!text.starts_with('[')) {
    const std::size_t size = count(Class::host, text);
    return has_whole_escapes(text.substr(0, size)) && is_port(text.substr(size));
  }
  text.remove_prefix(1);
  const std::size_t size = count(Class::address, text);
  const std::string_view rest = text.substr(size);
  return rest.starts_with(']') && is_port(rest.substr(1)) && is_address(text.substr(0, size));
}

Target split_target(std::string_view method, std::string_view target, std::string& decoded) {
  if (std::ranges::find(methods, method) == methods.end()) {
    throw HttpError(501, method == "CONNECT" ? "no proxy" : "unknown method");
  }
  if (method == "OPTIONS" && target == "*") return {.path = target, .query = {}};
  if (!target.starts_with('/')) target = without_authority(target);
  if (!target.empty() && count(Class::plain, target) == target.size()) {
    return {.path = target, .query = {}};
  }
  if (target.find('#') != target.npos) refuse_target();
  const std::size_t mark = std::min(target.find('?'), target.size());
  std::string_view path = target.substr(0, mark);
  if (path.empty()) {
    path = decoded = "/";
  } else if (path.find('%') != path.npos) {
    decode(path, decoded);
    check_decoded(path = decoded);
  }
  return {.path = path, .query = target.substr(std::min(mark + 1, target.size()))};
}

}  // namespace flux::nodes::http
