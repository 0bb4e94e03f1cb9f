// Writing, to whatever it is.
//
// Sockets have their own way. Regular files are written in place: into memory, which the kernel
// writes to the disk later, so a fiber seldom waits there, and a helper thread would cost more.
// Pipes are told not to wait (RWF_NOWAIT): they take what there is room for, and up to PIPE_BUF all
// or nothing. FIFOs that were opened by name don't know that: those are asked by `poll`, which says
// yes if there is room for PIPE_BUF, and given no more; if somebody on another thread fills that
// room just then, the loop waits. A terminal says yes with less room than one needs, and is written
// to on a helper thread.

#include <limits.h>
#include <sys/stat.h>

#include <algorithm>

#include "../helpers.hpp"
#include "call.hpp"
#include "sending.hpp"
#include "vectors.hpp"

namespace flux::event {

namespace {

// The first buffers, as far as they are no larger than a pipe takes at once.
std::span<iovec> cut(std::span<iovec> vectors) noexcept {
  std::size_t left = PIPE_BUF;
  std::size_t count = 0;
  while (count < vectors.size() && left > 0) {
    vectors[count].iov_len = std::min(vectors[count].iov_len, left);
    left -= vectors[count++].iov_len;
  }
  return vectors.first(count);
}

class PipeWriting {
 public:
  PipeWriting(int descriptor, std::span<const iovec> vectors, const char* what) noexcept
      : descriptor_{descriptor}, vectors_{vectors}, patience_{descriptor, EPOLLOUT, 0, what} {}

  ssize_t run() noexcept {
    const std::size_t size = size_of(vectors_);
    while (sent_ < size) {
      const ssize_t some = attempt();
      if (some < 0) {
        if (would_block(errno) && patience_.wait()) {
          continue;
        }
        return sent_ > 0 ? static_cast<ssize_t>(sent_) : -1;
      }
      sent_ += static_cast<std::size_t>(some);
      rest_.skip(static_cast<std::size_t>(some));
      if (sent_ < size && patience_.is_refused()) {
        break;
      }
    }
    return static_cast<ssize_t>(sent_);
  }

 private:
  // What is written in one piece is shown in one piece, however many buffers it is in.
  ssize_t attempt() noexcept {
    const std::span<const iovec> left = sent_ == 0 ? vectors_ : rest_.shown();
    const auto count = static_cast<int>(left.size());
    const ssize_t written = pwritev2(descriptor_, left.data(), count, -1, RWF_NOWAIT);
    if (written >= 0 || (errno != EOPNOTSUPP && errno != ENOSYS)) {
      return written;
    }
    if (patience_.is_refused()) {
      return real::writev(descriptor_, left.data(), count);
    }
    if (!is_ready(descriptor_, POLLOUT)) {
      errno = EAGAIN;
      return -1;
    }
    if (size_of(left) <= PIPE_BUF) {
      return real::writev(descriptor_, left.data(), count);
    }
    const std::span<const iovec> piece = cut(rest_.shown());
    return real::writev(descriptor_, piece.data(), static_cast<int>(piece.size()));
  }

  int descriptor_;
  std::span<const iovec> vectors_;
  Rest rest_{vectors_};
  std::size_t sent_ = 0;
  Patience patience_;
};

ssize_t write_when_ready(int descriptor, std::span<const iovec> vectors,
                         const char* what) noexcept {
  Patience patience{descriptor, EPOLLOUT, 0, what};
  while (!is_ready(descriptor, POLLOUT)) {
    if (!patience.wait()) {
      return -1;
    }
  }
  return real::writev(descriptor, vectors.data(), static_cast<int>(vectors.size()));
}

ssize_t write_file(int descriptor, std::span<const iovec> vectors, const char* what) noexcept {
  const auto write = [&]() noexcept {
    return real::writev(descriptor, vectors.data(), static_cast<int>(vectors.size()));
  };
  struct stat file {};
  if (fstat(descriptor, &file) != 0 || S_ISREG(file.st_mode) || S_ISBLK(file.st_mode)) {
    return write();
  }
  if (S_ISFIFO(file.st_mode)) {
    return PipeWriting{descriptor, vectors, what}.run();
  }
  if (S_ISCHR(file.st_mode) && isatty(descriptor) == 1 && !is_nonblocking(descriptor)) {
    ssize_t written = -1;
    run_aside([&]() noexcept { written = write(); }, what);
    return written;
  }
  return write_when_ready(descriptor, vectors, what);
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(writing)

FLUX_INTERCEPTED ssize_t write(int descriptor, const void* buffer, size_t size) {
  if (!on_fiber() || size == 0) {
    return real::write(descriptor, buffer, size);
  }
  return keeping_errno([&]() noexcept {
    const ssize_t sent = send_all(descriptor, buffer, size, 0, "write");
    const iovec vector{const_cast<void*>(buffer), size};
    return sent != -1 || errno != ENOTSOCK ? sent : write_file(descriptor, {&vector, 1}, "write");
  });
}

FLUX_INTERCEPTED ssize_t writev(int descriptor, const iovec* vectors, int count) {
  if (!on_fiber() || count <= 0 || count > IOV_MAX ||
      size_of({vectors, static_cast<std::size_t>(count)}) == 0) {
    return real::writev(descriptor, vectors, count);
  }
  return keeping_errno([&]() noexcept {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(vectors);
    message.msg_iovlen = static_cast<std::size_t>(count);
    const ssize_t sent = send_all(descriptor, message, 0, "writev");
    return sent != -1 || errno != ENOTSOCK
               ? sent
               : write_file(descriptor, {vectors, static_cast<std::size_t>(count)}, "writev");
  });
}
