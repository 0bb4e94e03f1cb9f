// Making a call and noting what it told.

#pragma once

#include <array>
#include <cerrno>

#include "calls_equal.hpp"
#include "calls_support.hpp"

namespace flux::tests {

// `errno` is a value that no call sets, so that one sees whether a call that succeeds keeps it.
constexpr int kept = 4321;

template <class Call>
Told told(Call call) {
  errno = kept;
  const auto result = static_cast<long>(call());
  return {.result = result, .error = errno};
}

// A call that fills a buffer, of which as much counts as it says.
template <class Call>
Told told_bytes(Call call, std::size_t size = 64) {
  std::string bytes(size, '-');
  Told its = told([&] { return call(bytes.data(), bytes.size()); });
  its.bytes = bytes;
  return its;
}

}  // namespace flux::tests
