// Files that are written whole or not at all.

#pragma once

#include <string>

namespace flux {

// Write a file, with the permissions of the one that it replaces. The text is complete beside the
// file before it takes its name. A link keeps pointing to the file that is written, and a device
// stays one. Throws std::system_error.
void write_whole(const std::string& name, const std::string& text);

}  // namespace flux
