// Reading, from whatever it is.
//
// Sockets have their own way. Of other files the kernel is asked for what is there (RWF_NOWAIT). If
// that is nothing: data from a disk are read by the loop's ring, or on a helper thread if there is
// none; for other data the fiber waits. Some files don't know RWF_NOWAIT. Those on a disk are read
// on a helper thread. For FIFOs that were opened by name, terminals, inotify, `poll` is asked
// first; if somebody on another thread takes what there was, the loop waits for more. Who shares
// such a file among threads and doesn't want that sets O_NONBLOCK.
//
// A ring knows how to read where a file stands, too, but of several who do so at once each gets the
// same bytes: it doesn't take the kernel's lock of the place. So it only fetches what stands there
// into memory, and the read itself is made as any other.

#include "reading.hpp"

#include <limits.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "../helpers.hpp"
#include "call.hpp"
#include "receiving.hpp"
#include "vectors.hpp"

namespace flux::event {

namespace {

constexpr std::size_t most_fetched = 64 * 1024;

bool is_unknown(int error) noexcept { return error == EOPNOTSUPP || error == ENOSYS; }

// Files that are nowhere but in memory are read in place.
bool is_in_memory(int descriptor) noexcept {
  struct statfs system {};
  if (fstatfs(descriptor, &system) != 0) {
    return false;
  }
  return system.f_type == TMPFS_MAGIC || system.f_type == PROC_SUPER_MAGIC ||
         system.f_type == SYSFS_MAGIC || system.f_type == RAMFS_MAGIC;
}

ssize_t read_when_ready(int descriptor, std::span<const iovec> vectors, Patience& patience,
                        const char* what) noexcept {
  if (is_on_disk(descriptor) && !is_in_memory(descriptor)) {
    return read_aside(descriptor, vectors, -1, what);
  }
  while (!is_ready(descriptor, POLLIN)) {
    if (!patience.wait()) {
      return -1;
    }
  }
  return real::readv(descriptor, vectors.data(), static_cast<int>(vectors.size()));
}

ssize_t read_file(int descriptor, std::span<const iovec> vectors, const char* what) noexcept {
  Patience patience{descriptor, EPOLLIN | EPOLLRDHUP, 0, what};
  while (true) {
    const ssize_t got =
        preadv2(descriptor, vectors.data(), static_cast<int>(vectors.size()), -1, RWF_NOWAIT);
    if (got >= 0) {
      return read_rest(descriptor, vectors, -1, got, what);
    }
    if (is_unknown(errno)) {
      return read_when_ready(descriptor, vectors, patience, what);
    }
    if (!would_block(errno)) {
      return -1;
    }
    if (is_on_disk(descriptor)) {
      const ssize_t cold = read_cold(descriptor, vectors, -1, what);
      return cold > 0 ? read_rest(descriptor, vectors, -1, cold, what) : cold;
    }
    if (!patience.wait()) {
      return -1;
    }
  }
}

// -1 if there is no ring, or it fails.
ssize_t read_by_ring(int descriptor, std::span<const iovec> vectors, off_t offset,
                     const char* what) noexcept {
  Ring* const ring = Loop::current()->ring();
  return ring != nullptr ? ring->read_at(descriptor, vectors, offset, what) : -1;
}

// Read where the file stands, after what is there has been fetched into the buffers, and so into
// memory; -1 also if it isn't there any more, or somebody else has read it. It's copied twice: of
// large reads that would cost more than a helper thread does.
ssize_t read_fetched(int descriptor, std::span<const iovec> vectors, const char* what) noexcept {
  const off_t place = lseek(descriptor, 0, SEEK_CUR);
  if (place == -1 || size_of(vectors) > most_fetched ||
      read_by_ring(descriptor, vectors, place, what) <= 0) {
    return -1;
  }
  return preadv2(descriptor, vectors.data(), static_cast<int>(vectors.size()), -1, RWF_NOWAIT);
}

// Whether a place in the file is its end; -1 is where it stands.
bool is_end(int descriptor, off_t offset) noexcept {
  struct stat file {};
  const off_t place = offset == -1 ? lseek(descriptor, 0, SEEK_CUR) : offset;
  return fstat(descriptor, &file) != 0 || !S_ISREG(file.st_mode) || place >= file.st_size;
}

}  // namespace

bool is_on_disk(int descriptor) noexcept {
  struct stat file {};
  return fstat(descriptor, &file) == 0 && (S_ISREG(file.st_mode) || S_ISBLK(file.st_mode));
}

ssize_t read_cold(int descriptor, std::span<const iovec> vectors, off_t offset,
                  const char* what) noexcept {
  const ssize_t got = offset == -1 ? read_fetched(descriptor, vectors, what)
                                   : read_by_ring(descriptor, vectors, offset, what);
  return got != -1 ? got : read_aside(descriptor, vectors, offset, what);
}

ssize_t read_aside(int descriptor, std::span<const iovec> vectors, off_t offset,
                   const char* what) noexcept {
  ssize_t got = -1;
  const auto count = static_cast<int>(vectors.size());
  run_aside(
      [&]() noexcept {
        got = offset == -1 ? real::readv(descriptor, vectors.data(), count)
                           : real::preadv(descriptor, vectors.data(), count, offset);
      },
      what);
  return got;
}

ssize_t read_rest(int descriptor, std::span<const iovec> vectors, off_t offset, ssize_t got,
                  const char* what) noexcept {
  auto all = static_cast<std::size_t>(got);
  if (all == 0 || all == size_of(vectors) || !is_on_disk(descriptor)) {
    return got;
  }
  Rest rest{vectors};
  rest.skip(all);
  while (all < size_of(vectors)) {
    const off_t place = offset == -1 ? -1 : offset + static_cast<off_t>(all);
    const ssize_t more =
        is_end(descriptor, place) ? 0 : read_cold(descriptor, rest.shown(), place, what);
    if (more <= 0) {
      break;
    }
    all += static_cast<std::size_t>(more);
    rest.skip(static_cast<std::size_t>(more));
  }
  return static_cast<ssize_t>(all);
}

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(reading)

FLUX_INTERCEPTED ssize_t read(int descriptor, void* buffer, size_t size) {
  if (!on_fiber() || size == 0) {
    return real::read(descriptor, buffer, size);
  }
  return keeping_errno([&]() noexcept {
    const ssize_t got = receive(descriptor, buffer, size, 0, "read");
    const iovec vector{buffer, size};
    return got != -1 || errno != ENOTSOCK ? got : read_file(descriptor, {&vector, 1}, "read");
  });
}

FLUX_INTERCEPTED ssize_t __read_chk(int descriptor, void* buffer, size_t size, size_t room) {
  check_room(size, room);
  return read(descriptor, buffer, size);
}

FLUX_INTERCEPTED ssize_t readv(int descriptor, const iovec* vectors, int count) {
  if (!on_fiber() || count <= 0 || count > IOV_MAX ||
      size_of({vectors, static_cast<std::size_t>(count)}) == 0) {
    return real::readv(descriptor, vectors, count);
  }
  return keeping_errno([&]() noexcept {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(vectors);
    message.msg_iovlen = static_cast<std::size_t>(count);
    const ssize_t got = receive(descriptor, message, 0, "readv");
    return got != -1 || errno != ENOTSOCK
               ? got
               : read_file(descriptor, {vectors, static_cast<std::size_t>(count)}, "readv");
  });
}
