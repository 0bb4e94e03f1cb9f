#include "receiver.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace flux::trace {

namespace {

[[noreturn]] void refuse(const std::string& url) {
  throw std::invalid_argument{"must be like `http://127.0.0.1:4318`, not `" + url + "`"};
}

bool is_plain(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char each) { return each > ' ' && each < 0x7f; });
}

// The host, without the brackets of IPv6, and what stands behind it.
std::pair<std::string_view, std::string_view> divided(std::string_view authority) noexcept {
  const std::size_t end = authority.find(authority.starts_with('[') ? ']' : ':');
  if (end == authority.npos) {
    return {authority.starts_with('[') ? "" : authority, ""};
  }
  return authority.starts_with('[')
             ? std::pair{authority.substr(1, end - 1), authority.substr(end + 1)}
             : std::pair{authority.substr(0, end), authority.substr(end)};
}

// What two hexadecimal digits stand for, or nothing.
int byte_of(std::string_view two) noexcept {
  int byte = 0;
  const char* const end = two.data() + two.size();
  const auto [stop, error] = std::from_chars(two.data(), end, byte, 16);
  return two.size() == 2 && error == std::errc{} && stop == end && two[0] != '-' ? byte : -1;
}

std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t place = 0; place < text.size(); ++place) {
    const int byte = text[place] == '%' ? byte_of(text.substr(place + 1, 2)) : -1;
    plain += byte < 0 ? text[place] : static_cast<char>(byte);
    place += byte < 0 ? 0 : 2;
  }
  return plain;
}

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

std::pair<std::string, std::string> pair_of(std::string_view text) {
  const std::size_t equals = text.find('=');
  std::string key{trimmed(text.substr(0, equals))};
  if (equals == text.npos || key.empty() || !is_plain(key)) {
    throw std::invalid_argument{"must be like `key=value,key=value`, not `" + std::string{text} +
                                "`"};
  }
  std::string value = decoded(trimmed(text.substr(equals + 1)));
  if (std::any_of(value.begin(), value.end(), [](unsigned char each) { return each < ' '; })) {
    throw std::invalid_argument{"must have no control characters in `" + key + "`"};
  }
  return {std::move(key), std::move(value)};
}

}  // namespace

Receiver Receiver::parse(const std::string& url) {
  constexpr std::string_view scheme = "http://";
  constexpr std::string_view place = "/v1/traces";
  if (url.starts_with("https://")) {
    throw std::invalid_argument{
        "must begin with `http://`; for https put an OpenTelemetry collector beside the server"};
  }
  if (!url.starts_with(scheme) || !is_plain(url)) {
    refuse(url);
  }
  const std::size_t slash = std::min(url.find('/', scheme.size()), url.size());
  Receiver made{.authority = url.substr(scheme.size(), slash - scheme.size()),
                .path = url.substr(slash)};
  const auto [host, rest] = divided(made.authority);
  made.host = host;
  const char* const end = rest.data() + rest.size();
  const char* const digits = rest.empty() ? end : rest.data() + 1;
  const auto [stop, error] = std::from_chars(digits, end, made.port);
  const bool has_port = !rest.empty() && rest[0] == ':' && error == std::errc{} && stop == end;
  const bool asks = url.find_first_of("?#") != url.npos;
  if (host.empty() || asks || made.authority.find('@') != made.authority.npos ||
      !(rest.empty() || has_port) || made.port < 1 || made.port > 65'535) {
    refuse(url);
  }
  while (made.path.ends_with('/')) {
    made.path.pop_back();
  }
  made.path += made.path.ends_with(place) ? "" : place;
  return made;
}

Pairs pairs_of(std::string_view text) {
  Pairs pairs;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (const auto one = trimmed(text.substr(0, comma)); !one.empty()) {
      pairs.push_back(pair_of(one));
    }
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return pairs;
}

}  // namespace flux::trace
