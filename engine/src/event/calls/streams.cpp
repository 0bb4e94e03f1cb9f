// Streams of stdio. Inside libc they read and write by calls that nobody can intercept.
//
// So a stream that a fiber opens on a socket, a pipe or a terminal is made of functions that call
// ours. It is like others but for `fileno`, which can't work: a stream of that kind has none. Files
// on a disk are left to libc. A stream's lock is its thread's: two fibers of one loop must not use
// the same stream at once.

#include <stdio.h>
#include <sys/stat.h>

#include <cstdint>

#include "../loop.hpp"
#include "call.hpp"

namespace flux::event {

namespace {

int descriptor_of(void* cookie) noexcept {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(cookie));
}

ssize_t read_stream(void* cookie, char* buffer, std::size_t size) noexcept {
  return read(descriptor_of(cookie), buffer, size);
}

// Stdio wants to hear 0 of an error.
ssize_t write_stream(void* cookie, const char* buffer, std::size_t size) noexcept {
  const ssize_t written = write(descriptor_of(cookie), buffer, size);
  return written == -1 ? 0 : written;
}

int close_stream(void* cookie) noexcept { return close(descriptor_of(cookie)); }

bool may_wait(int descriptor) noexcept {
  struct stat file {};
  return fstat(descriptor, &file) == 0 &&
         (S_ISSOCK(file.st_mode) || S_ISFIFO(file.st_mode) || S_ISCHR(file.st_mode));
}

// Whether the file was opened for what the mode says.
bool is_allowed(int status, const char* mode) noexcept {
  const bool is_both = mode[0] != '\0' && (mode[1] == '+' || (mode[1] == 'b' && mode[2] == '+'));
  const int access = status & O_ACCMODE;
  return access == O_RDWR || (!is_both && access == (mode[0] == 'r' ? O_RDONLY : O_WRONLY));
}

FILE* open_stream(int descriptor, const char* mode) noexcept {
  const int status = real::fcntl(descriptor, F_GETFL);
  if (status != -1 && !is_allowed(status, mode)) {
    errno = EINVAL;
    return nullptr;
  }
  if (status != -1 && mode[0] == 'a' && (status & O_APPEND) == 0) {
    real::fcntl(descriptor, F_SETFL, status | O_APPEND);
  }
  auto* const cookie = reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor));
  return status == -1 ? nullptr
                      : fopencookie(cookie, mode,
                                    {.read = read_stream,
                                     .write = write_stream,
                                     .seek = nullptr,
                                     .close = close_stream});
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(streams)

FLUX_INTERCEPTED FILE* fdopen(int descriptor, const char* mode) noexcept {
  return on_fiber() && may_wait(descriptor) ? open_stream(descriptor, mode)
                                            : real::fdopen(descriptor, mode);
}

// Libc closes the descriptor by itself, and fibers may wait for it.
FLUX_INTERCEPTED int fclose(FILE* stream) {
  const int before = errno;
  Loop::forget(fileno(stream));
  errno = before;
  return real::fclose(stream);
}
