#include "flux/nodes/http_message.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "http_characters.hpp"

namespace flux::nodes {

namespace {

struct Status {
  int number;
  std::string_view phrase;
};

constexpr std::array statuses = {
    Status{100, "Continue"},
    Status{101, "Switching Protocols"},
    Status{102, "Processing"},
    Status{103, "Early Hints"},
    Status{200, "OK"},
    Status{201, "Created"},
    Status{202, "Accepted"},
    Status{203, "Non-Authoritative Information"},
    Status{204, "No Content"},
    Status{205, "Reset Content"},
    Status{206, "Partial Content"},
    Status{207, "Multi-Status"},
    Status{208, "Already Reported"},
    Status{226, "IM Used"},
    Status{300, "Multiple Choices"},
    Status{301, "Moved Permanently"},
    Status{302, "Found"},
    Status{303, "See Other"},
    Status{304, "Not Modified"},
    Status{305, "Use Proxy"},
    Status{307, "Temporary Redirect"},
    Status{308, "Permanent Redirect"},
    Status{400, "Bad Request"},
    Status{401, "Unauthorized"},
    Status{402, "Payment Required"},
    Status{403, "Forbidden"},
    Status{404, "Not Found"},
    Status{405, "Method Not Allowed"},
    Status{406, "Not Acceptable"},
    Status{407, "Proxy Authentication Required"},
    Status{408, "Request Timeout"},
    Status{409, "Conflict"},
    Status{410, "Gone"},
    Status{411, "Length Required"},
    Status{412, "Precondition Failed"},
    Status{413, "Content Too Large"},
    Status{414, "URI Too Long"},
    Status{415, "Unsupported Media Type"},
    Status{416, "Range Not Satisfiable"},
    Status{417, "Expectation Failed"},
    Status{418, "I'm a Teapot"},
    Status{421, "Misdirected Request"},
    Status{422, "Unprocessable Content"},
    Status{423, "Locked"},
    Status{424, "Failed Dependency"},
    Status{425, "Too Early"},
    Status{426, "Upgrade Required"},
    Status{428, "Precondition Required"},
    Status{429, "Too Many Requests"},
    Status{431, "Request Header Fields Too Large"},
    Status{451, "Unavailable For Legal Reasons"},
    Status{500, "Internal Server Error"},
    Status{501, "Not Implemented"},
    Status{502, "Bad Gateway"},
    Status{503, "Service Unavailable"},
    Status{504, "Gateway Timeout"},
    Status{505, "HTTP Version Not Supported"},
    Status{506, "Variant Also Negotiates"},
    Status{507, "Insufficient Storage"},
    Status{508, "Loop Detected"},
    Status{510, "Not Extended"},
    Status{511, "Network Authentication Required"},
};

constexpr std::uint8_t none = 0xff;

// Where each status is among them.
constexpr auto places = [] {
  std::array<std::uint8_t, statuses.back().number + 1> found{};
  found.fill(none);
  for (std::uint8_t place = 0; place < statuses.size(); ++place) {
    found[static_cast<std::size_t>(statuses[place].number)] = place;
  }
  return found;
}();

constexpr std::size_t digits_and_space = 4;

std::string describe(int status, std::string_view reason) {
  const std::string_view phrase = reason_phrase(status);
  if (phrase.empty()) throw std::invalid_argument("no HTTP status: " + std::to_string(status));
  return std::to_string(status).append(" ").append(reason.empty() ? phrase : reason);
}

// Adds a part to a path, or takes one off it; whether that stays below the root.
bool step(std::string& path, std::string_view part) {
  if (part.empty() || part == ".") return true;
  if (part != "..") {
    path.append(path.empty() ? "" : "/").append(part);
    return true;
  }
  if (path.empty()) return false;
  const std::size_t slash = path.rfind('/');
  path.resize(slash == std::string::npos ? 0 : slash);
  return true;
}

}  // namespace

std::string_view reason_phrase(int status) noexcept {
  if (status < 0 || status > statuses.back().number) return {};
  const std::uint8_t place = places[static_cast<std::size_t>(status)];
  return place == none ? std::string_view{} : statuses[place].phrase;
}

HttpError::HttpError(int status, std::string_view reason)
    : std::runtime_error(describe(status, reason)), status_(status) {}

std::string_view HttpError::reason() const noexcept { return what() + digits_and_space; }

std::optional<std::string_view> Headers::get(std::string_view name) const noexcept {
  for (const Field& field : fields_) {
    if (http::same(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const Field& field : fields_) {
    if (http::same(field.name, name)) values.push_back(field.value);
  }
  return values;
}

std::optional<std::string> clean_path(std::string_view path) {
  if (path.find_first_of(std::string_view("\\\0", 2)) != path.npos) return std::nullopt;
  std::string clean;
  while (true) {
    const std::size_t slash = path.find('/');
    if (!step(clean, path.substr(0, slash))) return std::nullopt;
    if (slash == path.npos) return clean;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace flux::nodes
