// Pieces of text.

#pragma once

#include <algorithm>
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

}  // namespace text
