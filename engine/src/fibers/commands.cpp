// What waits inside of libc, where no call of it can be seen: running a command, and locking a part
// of a file. Helper threads do it.

#include <unistd.h>

#include <cstdlib>

#include "../event/calls/call.hpp"
#include "../event/helpers.hpp"
#include "mask.hpp"

namespace flux::event::real {

inline constinit const Original<decltype(::system)> system{"system"};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"
inline constinit const Original<decltype(::lockf)> lockf{"lockf"};
#pragma GCC diagnostic pop

}  // namespace flux::event::real

namespace flux::fibers {

namespace {

using namespace event;

// A command begins with the signals blocked that its caller blocks, and helpers block all.
int run_command(const char* command) noexcept {
  const Mask mask = Mask::current();
  int status = -1;
  run_aside(
      [&]() noexcept {
        const Mask before = Mask::current();
        mask.apply();
        status = real::system(command);
        before.apply();
      },
      "system");
  return status;
}

int lock_part(int descriptor, int command, off_t length) noexcept {
  int result = -1;
  run_aside([&]() noexcept { result = real::lockf(descriptor, command, length); }, "lockf");
  return result;
}

}  // namespace

}  // namespace flux::fibers

using namespace flux::event;

FLUX_INTERCEPTED int system(const char* command) {
  return on_fiber() && command != nullptr
             ? keeping_errno([&]() noexcept { return flux::fibers::run_command(command); })
             : real::system(command);
}

FLUX_INTERCEPTED int lockf(int descriptor, int command, off_t length) {
  return on_fiber() && command == F_LOCK ? keeping_errno([&]() noexcept {
    return flux::fibers::lock_part(descriptor, command, length);
  })
                                         : real::lockf(descriptor, command, length);
}

FLUX_INTERCEPTED int lockf64(int descriptor, int command, off64_t length) {
  return lockf(descriptor, command, length);
}
