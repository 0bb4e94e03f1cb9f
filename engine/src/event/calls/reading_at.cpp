// Reading at a place in a file.

#include <limits.h>

#include "../helpers.hpp"
#include "call.hpp"
#include "reading.hpp"
#include "vectors.hpp"

namespace flux::event {

namespace {

// What is in memory; else as what is cold. -1 as the place would mean another one here.
ssize_t read_at(int descriptor, std::span<const iovec> vectors, off_t offset,
                const char* what) noexcept {
  Loop::begin_call();  // O_NONBLOCK means nothing to a file that has places
  return keeping_errno([&]() noexcept {
    const ssize_t got =
        preadv2(descriptor, vectors.data(), static_cast<int>(vectors.size()), offset, RWF_NOWAIT);
    if (got >= 0) {
      return read_rest(descriptor, vectors, offset, got, what);
    }
    if (would_block(errno)) {
      const ssize_t cold = read_cold(descriptor, vectors, offset, what);
      return cold > 0 ? read_rest(descriptor, vectors, offset, cold, what) : cold;
    }
    return errno == EOPNOTSUPP || errno == ENOSYS ? read_aside(descriptor, vectors, offset, what)
                                                  : got;
  });
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(reading_at)

FLUX_INTERCEPTED ssize_t pread(int descriptor, void* buffer, size_t size, off_t offset) {
  if (!on_fiber() || size == 0 || offset < 0) {
    return real::pread(descriptor, buffer, size, offset);
  }
  const iovec vector{buffer, size};
  return read_at(descriptor, {&vector, 1}, offset, "pread");
}

FLUX_INTERCEPTED ssize_t pread64(int descriptor, void* buffer, size_t size, off64_t offset) {
  return pread(descriptor, buffer, size, offset);
}

FLUX_INTERCEPTED ssize_t __pread_chk(int descriptor, void* buffer, size_t size, off_t offset,
                                     size_t room) {
  check_room(size, room);
  return pread(descriptor, buffer, size, offset);
}

FLUX_INTERCEPTED ssize_t __pread64_chk(int descriptor, void* buffer, size_t size, off64_t offset,
                                       size_t room) {
  check_room(size, room);
  return pread(descriptor, buffer, size, offset);
}

FLUX_INTERCEPTED ssize_t preadv(int descriptor, const iovec* vectors, int count, off_t offset) {
  if (!on_fiber() || count <= 0 || count > IOV_MAX || offset < 0) {
    return real::preadv(descriptor, vectors, count, offset);
  }
  return read_at(descriptor, {vectors, static_cast<std::size_t>(count)}, offset, "preadv");
}

FLUX_INTERCEPTED ssize_t preadv64(int descriptor, const iovec* vectors, int count, off64_t offset) {
  return preadv(descriptor, vectors, count, offset);
}
