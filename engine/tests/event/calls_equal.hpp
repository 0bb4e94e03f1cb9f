// Calls made on a plain thread and on a fiber, which are told the same.

#pragma once

#include <span>
#include <string>

namespace flux::tests {

// What a call has told: its result, `errno` if that was changed, and bytes.
struct Told {
  long result = 0;
  int error = 0;
  std::string bytes{};

  bool operator==(const Told&) const = default;
};

struct EqualCase {
  const char* name;
  Told (*run)();
};

// By what they are about, a file each.
std::span<const EqualCase> equal_socket_cases();
std::span<const EqualCase> equal_file_cases();
std::span<const EqualCase> equal_polling_cases();
std::span<const EqualCase> equal_other_cases();

}  // namespace flux::tests
