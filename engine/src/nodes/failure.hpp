// What the system says went wrong: as an exception, or that a call would only have had to wait.

#pragma once

#include <cerrno>
#include <string>
#include <system_error>

namespace flux::nodes::detail {

inline bool would_block(int error) noexcept { return error == EAGAIN || error == EWOULDBLOCK; }

[[noreturn]] inline void fail(const std::string& what, int error = errno) {
  throw std::system_error(error, std::generic_category(), what);
}

// What a system call returned, if it isn't the -1 of a failure.
inline int checked(int result, const char* what) {
  if (result < 0) fail(what);
  return result;
}

}  // namespace flux::nodes::detail
