// What reading from files has in common, wherever in the file one reads.

#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <span>

namespace flux::event {

// Files whose reads wait for a disk, not for somebody: `poll` says that they are always ready.
bool is_on_disk(int descriptor) noexcept;

// Read what isn't in memory, from a file that knows RWF_NOWAIT, at a place or (-1) where the file
// stands: by the loop's ring, or else on a helper thread.
ssize_t read_cold(int descriptor, std::span<const iovec> vectors, off_t offset,
                  const char* what) noexcept;

// Read, on a helper thread, at a place or (-1) where the file stands.
ssize_t read_aside(int descriptor, std::span<const iovec> vectors, off_t offset,
                   const char* what) noexcept;

// A read from a disk that gave what was in memory: read the rest, unless that was the end.
ssize_t read_rest(int descriptor, std::span<const iovec> vectors, off_t offset, ssize_t got,
                  const char* what) noexcept;

}  // namespace flux::event
