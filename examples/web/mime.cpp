#include "mime.hpp"

#include <sstream>

#include "text.hpp"

Types read_types(std::istream& lines) {
  Types types;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line.substr(0, line.find('#'))};
    std::string type;
    words >> type;
    for (std::string ending; words >> ending;) types[ending] = type;
  }
  return types;
}

std::string type_of(std::string_view name, const Types& types) {
  const auto base = name.substr(name.rfind('/') + 1);
  const auto dot = base.rfind('.');
  const auto found = dot == base.npos ? types.end() : types.find(text::lower(base.substr(dot + 1)));
  const auto type = found == types.end() ? "application/octet-stream" : found->second;
  return type.starts_with("text/") ? type + "; charset=utf-8" : type;
}
