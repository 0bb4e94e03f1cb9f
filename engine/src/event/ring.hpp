// Reading from disks without helper threads: an io_uring, of which each loop's thread has its own.
//
// Theory of operation. A read whose data isn't in memory is handed to the kernel with one system
// call, and its fiber parks. Nobody waits meanwhile, in the usual file systems not even a thread of
// the kernel's: when the data have come, the kernel notes that (as "deferred task work") and rings
// the loop's bell, and the loop has it copy the data and say so in the ring of completions
// (`take`). The bell it must be: with IORING_SETUP_DEFER_TASKRUN the ring's own descriptor doesn't
// become readable before that second call. Without that flag the kernel would interrupt whatever
// the thread does, and its `epoll_wait` with EINTR, which couldn't be told from a signal, and would
// be passed on to the program's calls. So before Linux 6.1, which brought the flag, there is no
// ring.
//
// What the kernel can't do without a thread is for helpers, as ever: files that don't know
// RWF_NOWAIT, `fsync`. It would hand it to threads of its own, of which there are fewer; to begin
// another one it interrupts the loop, too. Files are written to in place.
//
// A ring may be used by the thread that has made it, and is made where that first needs it: loops
// that read nothing cold have none. It goes when its thread ends, not before: then the kernel would
// interrupt the thread once more. A child of `fork` never uses its parent's. Requests stand on the
// stacks of fibers, which their loop outlives. There are never more requests than the ring has room
// to complete.

#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

struct io_uring_cqe;
struct io_uring_params;
struct io_uring_sqe;

namespace flux::event {

class Fiber;

class Ring {
 public:
  // The calling thread's, for its loop; `bell` is the eventfd that is rung from now on when there
  // is something to take. Null if the kernel has none, or forbids it, as it does in many
  // containers.
  static Ring* of_thread(int bell) noexcept;

  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring();

  // Read at a place in a file, as the fiber that runs: how much, or -1 if it can't be done here,
  // for whatever reason: the plain call will know.
  ssize_t read_at(int descriptor, std::span<const iovec> vectors, off_t offset,
                  const char* what) noexcept;

  // Wake all fibers whose requests are completed.
  void take() noexcept;

  // How many reads it has made.
  std::uint64_t reads() const noexcept { return reads_; }

 private:
  class Request;

  // Memory that is shared with the kernel.
  class Mapping {
   public:
    Mapping() = default;
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping();

    bool map(int ring, std::size_t size, std::uint64_t part) noexcept;
    char* at(std::size_t offset) const noexcept { return start_ + offset; }

   private:
    char* start_ = nullptr;
    std::size_t size_ = 0;
  };

  Ring() noexcept;

  bool begin() noexcept;
  bool set_bell(int bell) noexcept;
  bool is_own() const noexcept;
  bool map(const io_uring_params& its) noexcept;
  bool submit(const io_uring_sqe& entry) noexcept;
  void take_completed() noexcept;
  long enter(unsigned count) noexcept;

  int descriptor_ = -1;
  pid_t process_;
  unsigned in_flight_ = 0;
  std::uint64_t reads_ = 0;

  Mapping queues_{};
  Mapping entries_{};
  // In the queues. Of submissions only the loop moves the tail, of completions only the head.
  unsigned* submitted_ = nullptr;
  unsigned* flags_ = nullptr;
  unsigned* taken_ = nullptr;
  unsigned* completed_ = nullptr;
  unsigned most_submitted_ = 0;
  unsigned most_completed_ = 0;
  io_uring_sqe* submissions_ = nullptr;
  io_uring_cqe* completions_ = nullptr;
};

// For tests: whether loops get no ring from now on, as if the kernel didn't allow it.
void refuse_rings(bool are_refused) noexcept;

}  // namespace flux::event
