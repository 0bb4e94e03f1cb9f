// Sending files.

#include <sys/stat.h>

#include <algorithm>

#include "../helpers.hpp"
#include "call.hpp"

namespace flux::event {

namespace {

mode_t kind_of(int descriptor) noexcept {
  struct stat file {};
  return fstat(descriptor, &file) == 0 ? file.st_mode & S_IFMT : 0;
}

// To a socket or a pipe, until all is sent or the file ends. What is not in memory is read from the
// disk in place; the kernel reads ahead, so that is seldom waited for.
ssize_t send_file(int out, int in, off_t* offset, std::size_t count, int status) noexcept {
  Patience patience{out, EPOLLOUT, SO_SNDTIMEO, "sendfile"};
  constexpr std::size_t most = 0x7fff'f000;  // the system's limit
  count = std::min(count, most);
  std::size_t sent = 0;
  while (sent < count) {
    begin_call(out);
    const ssize_t some = without_waiting(
        out, status, [&]() noexcept { return real::sendfile(out, in, offset, count - sent); });
    if (some == 0) {
      break;
    }
    if (some < 0 && (!would_block(errno) || !patience.wait())) {
      return sent > 0 ? static_cast<ssize_t>(sent) : -1;
    }
    sent += some > 0 ? static_cast<std::size_t>(some) : 0;
  }
  return static_cast<ssize_t>(sent);
}

ssize_t send_file_aside(int out, int in, off_t* offset, std::size_t count) noexcept {
  ssize_t sent = -1;
  run_aside([&]() noexcept { sent = real::sendfile(out, in, offset, count); }, "sendfile");
  return sent;
}

ssize_t send_file_on_fiber(int out, int in, off_t* offset, std::size_t count) noexcept {
  const int status = real::fcntl(out, F_GETFL);
  if (status == -1 || (status & O_NONBLOCK) != 0) {
    return real::sendfile(out, in, offset, count);
  }
  const mode_t target = kind_of(out);
  const bool waits_for_target = target == S_IFSOCK || target == S_IFIFO;
  return waits_for_target && kind_of(in) == S_IFREG ? send_file(out, in, offset, count, status)
                                                    : send_file_aside(out, in, offset, count);
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(sending_files)

FLUX_INTERCEPTED ssize_t sendfile(int out, int in, off_t* offset, size_t count) noexcept {
  if (!on_fiber() || count == 0) {
    return real::sendfile(out, in, offset, count);
  }
  return keeping_errno([&]() noexcept { return send_file_on_fiber(out, in, offset, count); });
}

FLUX_INTERCEPTED ssize_t sendfile64(int out, int in, off64_t* offset, size_t count) noexcept {
  return sendfile(out, in, offset, count);
}
