// Locks on files, and `fcntl`, which is about much else, too.

#include <cstdarg>

#include "../files.hpp"
#include "../helpers.hpp"
#include "call.hpp"

namespace flux::event {

namespace {

// The command that asks for the same lock without waiting; 0: this one doesn't wait.
int without_patience(int command) noexcept {
  switch (command) {
    case F_SETLKW:
      return F_SETLK;
    case F_OFD_SETLKW:
      return F_OFD_SETLK;
    default:
      return 0;
  }
}

// Nobody tells when a lock is given back, so a helper thread waits: locks belong to the process, or
// to the open file, never to a thread.
int lock_range(int descriptor, int command, void* lock) noexcept {
  const int tried = real::fcntl(descriptor, without_patience(command), lock);
  if (tried != -1 || (errno != EAGAIN && errno != EACCES)) {
    return tried;
  }
  int result = -1;
  run_aside([&]() noexcept { result = real::fcntl(descriptor, command, lock); }, "fcntl");
  return result;
}

int lock_file(int descriptor, int operation) noexcept {
  const int tried = real::flock(descriptor, operation | LOCK_NB);
  if (tried != -1 || !would_block(errno)) {
    return tried;
  }
  int result = -1;
  run_aside([&]() noexcept { result = real::flock(descriptor, operation); }, "flock");
  return result;
}

// What libc does, too: an argument that is not given is whatever stands there, and unused.
int control(int descriptor, int command, void* argument) noexcept {
  if (on_fiber() && without_patience(command) != 0) {
    return keeping_errno([&]() noexcept { return lock_range(descriptor, command, argument); });
  }
  const int result = real::fcntl(descriptor, command, argument);
  if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) {
    renew(result);
  }
  return result;
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(controlling)

FLUX_INTERCEPTED int fcntl(int descriptor, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return control(descriptor, command, argument);
}

FLUX_INTERCEPTED int fcntl64(int descriptor, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return control(descriptor, command, argument);
}

FLUX_INTERCEPTED int flock(int descriptor, int operation) noexcept {
  if (!on_fiber() || (operation & LOCK_NB) != 0) {
    return real::flock(descriptor, operation);
  }
  return keeping_errno([&]() noexcept { return lock_file(descriptor, operation); });
}
