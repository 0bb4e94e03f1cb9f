// Media types by the ending of a name.

#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <unordered_map>

using Types = std::unordered_map<std::string, std::string>;

// Types by ending, out of lines like `image/jpeg jpeg jpg`; `#` begins a comment.
Types read_types(std::istream& lines);

// The type of a file by its name; texts are taken to be UTF-8.
std::string type_of(std::string_view name, const Types& types);
