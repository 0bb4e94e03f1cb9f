// Which characters HTTP allows where (RFC 9110, 5.6; RFC 3986, 2 and 3), as bits of one table.

#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace flux::nodes::http {

inline constexpr std::string_view line_end = "\r\n";

enum class Class : std::uint8_t {
  token = 1,     // methods and field names
  text = 2,      // field values: all but control characters
  target = 4,    // request targets: printable ASCII
  host = 8,      // names in a Host field
  address = 16,  // IPv6 addresses in a Host field
  plain = 32     // request targets that are paths without escapes: no # % ?
};

using Classes = std::array<std::uint8_t, 256>;

constexpr void add(Classes& classes, Class one, std::string_view characters) {
  for (const char character : characters) {
    classes[static_cast<unsigned char>(character)] |= static_cast<std::uint8_t>(one);
  }
}

constexpr void add(Classes& classes, Class one, unsigned first, unsigned last) {
  for (unsigned character = first; character <= last; ++character) {
    classes[character] |= static_cast<std::uint8_t>(one);
  }
}

constexpr Classes make_classes() {
  Classes classes{};
  for (const Class one : {Class::token, Class::host}) {
    add(classes, one, '0', '9');
    add(classes, one, 'A', 'Z');
    add(classes, one, 'a', 'z');
  }
  add(classes, Class::token, "!#$%&'*+-.^_`|~");
  add(classes, Class::host, "-._~%!$&'()*+,;=");
  add(classes, Class::address, "0123456789ABCDEFabcdef:.");
  add(classes, Class::text, "\t");
  add(classes, Class::text, ' ', '~');
  add(classes, Class::text, 0x80, 0xff);
  add(classes, Class::target, '!', '~');
  add(classes, Class::plain, '!', '"');
  add(classes, Class::plain, "$");
  add(classes, Class::plain, '&', '>');
  add(classes, Class::plain, '@', '~');
  return classes;
}

inline constexpr Classes classes = make_classes();

constexpr bool is(Class one, char character) noexcept {
  return (classes[static_cast<unsigned char>(character)] & static_cast<std::uint8_t>(one)) != 0;
}

// How many characters of this class a text begins with.
constexpr std::size_t count(Class one, std::string_view text) noexcept {
  std::size_t found = 0;
  while (found < text.size() && is(one, text[found])) ++found;
  return found;
}

// Whether one of eight bytes is a control character, tab included. Subtracting from each byte
// borrows only from bytes above one that is found anyway, so the answer is exact.
constexpr bool has_control(std::uint64_t bytes) noexcept {
  constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
  constexpr std::uint64_t tops = ones * 0x80;
  const std::uint64_t deletes = bytes ^ (ones * 0x7f);
  return (((bytes - ones * ' ') & ~bytes) | ((deletes - ones) & ~deletes)) & tops;
}

// Whether all characters are of the class `text`: eight at a time, as most values allow. The last
// eight may overlap those before.
inline bool is_text(std::string_view text) noexcept {
  constexpr std::size_t step = sizeof(std::uint64_t);
  const auto is_plain = [text](std::size_t at) {
    std::uint64_t bytes;
    std::memcpy(&bytes, text.data() + at, step);
    return !has_control(bytes);
  };
  std::size_t at = 0;
  while (at + step <= text.size() && is_plain(at)) at += step;
  if (at + step > text.size() && text.size() >= step && is_plain(text.size() - step)) return true;
  return count(Class::text, text.substr(at)) == text.size() - at;
}

constexpr char lower(char character) noexcept {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character | 0x20) : character;
}

// Whether two names are the same in any case.
constexpr bool same(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] != right[i] && lower(left[i]) != lower(right[i])) return false;
  }
  return true;
}

// A text without spaces and tabs at its ends.
constexpr std::string_view strip(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The value of a hexadecimal digit, or -1.
constexpr int digit(char character) noexcept {
  if (character >= '0' && character <= '9') return character - '0';
  const char letter = lower(character);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

}  // namespace flux::nodes::http
