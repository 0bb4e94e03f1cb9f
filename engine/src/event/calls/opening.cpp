// Opening files. Only FIFOs are waited for: until there is somebody at the other end.

#include <sys/stat.h>

#include <cstdarg>

#include "../files.hpp"
#include "../helpers.hpp"
#include "call.hpp"

extern "C" [[noreturn]] void __chk_fail() noexcept;

namespace flux::event {

namespace {

bool has_mode(int flags) noexcept {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
}

// It makes no difference whether there is somebody already: a helper thread is soon back.
bool waits_for_other_end(int directory, const char* path, int flags) noexcept {
  struct stat file {};
  const int error = errno;
  const bool waits = (flags & (O_NONBLOCK | O_PATH)) == 0 && (flags & O_ACCMODE) != O_RDWR &&
                     fstatat(directory, path, &file, 0) == 0 && S_ISFIFO(file.st_mode);
  errno = error;
  return waits;
}

int open_file(int directory, const char* path, int flags, mode_t mode) noexcept {
  int opened = -1;
  const auto open_it = [&]() noexcept { opened = real::openat(directory, path, flags, mode); };
  if (on_fiber() && waits_for_other_end(directory, path, flags)) {
    run_aside(open_it, "open");
  } else {
    open_it();
  }
  renew(opened);
  return opened;
}

// The fortified forms are for calls without a mode.
int open_checked(int directory, const char* path, int flags) noexcept {
  if (has_mode(flags)) {
    __chk_fail();
  }
  return open_file(directory, path, flags, 0);
}

// The mode that stands there if the flags say so.
mode_t mode_in(va_list& arguments, int flags) noexcept {
  return has_mode(flags) ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(opening)

FLUX_INTERCEPTED int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_in(arguments, flags);
  va_end(arguments);
  return open_file(AT_FDCWD, path, flags, mode);
}

FLUX_INTERCEPTED int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_in(arguments, flags);
  va_end(arguments);
  return open_file(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

FLUX_INTERCEPTED int openat(int directory, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_in(arguments, flags);
  va_end(arguments);
  return open_file(directory, path, flags, mode);
}

FLUX_INTERCEPTED int openat64(int directory, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_in(arguments, flags);
  va_end(arguments);
  return open_file(directory, path, flags | O_LARGEFILE, mode);
}

FLUX_INTERCEPTED int __open_2(const char* path, int flags) {
  return open_checked(AT_FDCWD, path, flags);
}

FLUX_INTERCEPTED int __open64_2(const char* path, int flags) {
  return open_checked(AT_FDCWD, path, flags | O_LARGEFILE);
}

FLUX_INTERCEPTED int __openat_2(int directory, const char* path, int flags) {
  return open_checked(directory, path, flags);
}

FLUX_INTERCEPTED int __openat64_2(int directory, const char* path, int flags) {
  return open_checked(directory, path, flags | O_LARGEFILE);
}

FLUX_INTERCEPTED int creat(const char* path, mode_t mode) {
  return open_file(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

FLUX_INTERCEPTED int creat64(const char* path, mode_t mode) {
  return open_file(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC | O_LARGEFILE, mode);
}
