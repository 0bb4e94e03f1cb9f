// Which loops know which descriptors: so that closing one tells all who wait for it.
//
// A descriptor's number is used again for other files. So each number has an age, which changes
// with every close that the engine sees; what a loop knows of a number counts only at its age.

#pragma once

#include <cstdint>

namespace flux::event {

inline constexpr unsigned most_loops = 64;

using Age = std::uint32_t;

// The age of a descriptor's number; any thread may ask.
Age age_of(int descriptor) noexcept;

// The loop of that number has registered the descriptor, in its present age.
void known_to(unsigned loop, int descriptor) noexcept;

// The descriptor is about to be closed: it becomes older. The loops that know it, as a mask.
std::uint64_t outdate(int descriptor) noexcept;

// A new file has this number. If a close went unseen, the number becomes older now.
inline void renew(int descriptor) noexcept;

bool is_known(int descriptor) noexcept;

inline void renew(int descriptor) noexcept {
  if (descriptor >= 0 && is_known(descriptor)) {
    outdate(descriptor);
  }
}

}  // namespace flux::event
