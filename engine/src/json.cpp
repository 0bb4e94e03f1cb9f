#include "json.hpp"

#include <cstdio>

namespace flux {

Json& Json::begin(char opening) {
  separate();
  text_ += opening;
  is_first_ = true;
  return *this;
}

Json& Json::end(char closing) {
  text_ += closing;
  is_first_ = false;
  return *this;
}

Json& Json::key(std::string_view name) {
  value(name);
  text_ += ':';
  is_first_ = true;
  return *this;
}

Json& Json::value(std::string_view text) {
  separate();
  text_ += '"';
  for (const char each : text) {
    if (each == '"' || each == '\\') {
      (text_ += '\\') += each;
    } else if (static_cast<unsigned char>(each) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(each));
      text_ += escaped;
    } else {
      text_ += each;
    }
  }
  text_ += '"';
  return *this;
}

Json& Json::value(std::uint64_t number) {
  separate();
  text_ += std::to_string(number);
  return *this;
}

Json& Json::value(double seconds) {
  separate();
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.6f", seconds);
  text_ += digits;
  return *this;
}

Json& Json::value(bool truth) {
  separate();
  text_ += truth ? "true" : "false";
  return *this;
}

Json& Json::null() {
  separate();
  text_ += "null";
  return *this;
}

void Json::separate() {
  if (!is_first_) {
    text_ += ',';
  }
  is_first_ = false;
}

}  // namespace flux
