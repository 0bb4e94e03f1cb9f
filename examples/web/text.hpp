// Pieces of text.

#pragma once

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace text {

inline std::vector<std::string_view> split(std::string_view whole, char separator) {
  std::vector<std::string_view> parts;
  for (auto end = whole.find(separator); end != whole.npos; end = whole.find(separator)) {
    parts.push_back(whole.substr(0, end));
    whole.remove_prefix(end + 1);
  }
  parts.push_back(whole);
  return parts;
}

// Without the spaces and tabs at both ends.
inline std::string_view strip(std::string_view padded) {
  padded.remove_prefix(std::min(padded.find_first_not_of(" \t"), padded.size()));
  padded.remove_suffix(padded.size() - (padded.find_last_not_of(" \t") + 1));
  return padded;
}

// Parts, one behind the other.
inline std::string join(std::initializer_list<std::string_view> parts) {
  std::string whole;
  for (const auto part : parts) whole.append(part);
  return whole;
}

inline char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// With small letters for the capitals of ASCII.
inline std::string lower(std::string_view any) {
  std::string small{any};
  for (char& letter : small) letter = lower(letter);
  return small;
}

inline bool all_digits(std::string_view digits) {
  return digits.find_first_not_of("0123456789") == digits.npos;
}

inline bool is_among(std::string_view word, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace text
