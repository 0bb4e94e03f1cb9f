#include "ring.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <new>
#include <utility>

#include "calls/real.hpp"
#include "loop.hpp"

#if __has_include(<linux/io_uring.h>)
#include <linux/io_uring.h>
#endif

namespace flux::event {

namespace {

std::atomic<bool> refused{false};

}  // namespace

void refuse_rings(bool are_refused) noexcept { refused = are_refused; }

// The headers of Linux 5.4 and later will do: what they don't know of is given here, for the kernel
// that runs may be newer.
#if defined(IORING_FEAT_SINGLE_MMAP) && defined(SYS_io_uring_setup)

namespace {

constexpr unsigned room = 64;  // twice as many may be in flight

constexpr unsigned setup_coop_taskrun = 1U << 8;
constexpr unsigned setup_taskrun_flag = 1U << 9;
constexpr unsigned setup_single_issuer = 1U << 12;
constexpr unsigned setup_defer_taskrun = 1U << 13;
constexpr unsigned sq_taskrun = 1U << 2;

unsigned read_shared(const unsigned* word) noexcept {
  return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

void write_shared(unsigned* word, unsigned value) noexcept {
  __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

std::size_t size_of_queues(const io_uring_params& its) noexcept {
  return std::max<std::size_t>(its.sq_off.array + its.sq_entries * sizeof(unsigned),
                               its.cq_off.cqes + its.cq_entries * sizeof(io_uring_cqe));
}

}  // namespace

// A read that is under way, on the stack of the fiber that waits for it.
class Ring::Request {
 public:
  explicit Request(Fiber& fiber) noexcept : fiber_{fiber} {}

  int wait(const char* what) noexcept {
    fiber_.awaited = {.what = what};
    is_awaited_ = true;
    while (!is_done_) {
      fiber_.park();
    }
    fiber_.awaited = {};
    return result_;
  }

  // A fiber that doesn't wait yet must not be woken: its next wait would be for nothing.
  void complete(int result) noexcept {
    result_ = result;
    is_done_ = true;
    if (is_awaited_) {
      fiber_.unpark();
    }
  }

 private:
  Fiber& fiber_;
  int result_ = 0;
  bool is_awaited_ = false;
  bool is_done_ = false;
};

Ring::Mapping::~Mapping() {
  if (start_ != nullptr) {
    munmap(start_, size_);
  }
}

bool Ring::Mapping::map(int ring, std::size_t size, std::uint64_t part) noexcept {
  void* const start = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring,
                           static_cast<off_t>(part));
  if (start == MAP_FAILED) {
    return false;
  }
  start_ = static_cast<char*>(start);
  size_ = size;
  return true;
}

Ring::Ring() noexcept : process_{getpid()} {}

// A child of `fork` shares the memory of its parent's ring, and would take what isn't its own. None
// of its calls comes here; but it may begin a loop on the same thread.
bool Ring::is_own() const noexcept { return getpid() == process_; }

Ring::~Ring() {
  if (descriptor_ != -1) {
    real::close(descriptor_);
  }
}

Ring* Ring::of_thread(int bell) noexcept {
  static thread_local std::unique_ptr<Ring> its;
  if (refused) {
    return nullptr;
  }
  if (!its) {
    std::unique_ptr<Ring> made{new (std::nothrow) Ring};
    its = made && made->begin() ? std::move(made) : nullptr;
  }
  return its && its->set_bell(bell) ? its.get() : nullptr;
}

// A kernel that knows all these flags knows the operations that are used here, too.
bool Ring::begin() noexcept {
  io_uring_params its{};
  its.flags = setup_single_issuer | setup_defer_taskrun | setup_coop_taskrun | setup_taskrun_flag;
  descriptor_ = static_cast<int>(syscall(SYS_io_uring_setup, room, &its));
  return descriptor_ != -1 && map(its);
}

// Instead of the one of a loop that was on this thread before.
bool Ring::set_bell(int bell) noexcept {
  if (!is_own()) {
    return false;
  }
  syscall(SYS_io_uring_register, descriptor_, IORING_UNREGISTER_EVENTFD, nullptr, 0);
  return syscall(SYS_io_uring_register, descriptor_, IORING_REGISTER_EVENTFD, &bell, 1) == 0;
}

bool Ring::map(const io_uring_params& its) noexcept {
  if ((its.features & IORING_FEAT_SINGLE_MMAP) == 0 ||
      !queues_.map(descriptor_, size_of_queues(its), IORING_OFF_SQ_RING) ||
      !entries_.map(descriptor_, its.sq_entries * sizeof(io_uring_sqe), IORING_OFF_SQES)) {
    return false;
  }
  const auto word = [&](unsigned offset) {
    return reinterpret_cast<unsigned*>(queues_.at(offset));
  };
  submitted_ = word(its.sq_off.tail);
  flags_ = word(its.sq_off.flags);
  taken_ = word(its.cq_off.head);
  completed_ = word(its.cq_off.tail);
  most_submitted_ = its.sq_entries;
  most_completed_ = its.cq_entries;
  submissions_ = reinterpret_cast<io_uring_sqe*>(entries_.at(0));
  completions_ = reinterpret_cast<io_uring_cqe*>(queues_.at(its.cq_off.cqes));
  for (unsigned each = 0; each < most_submitted_; ++each) {
    word(its.sq_off.array)[each] = each;
  }
  return true;
}

// What fails is left to others: they can tell an error from a reason to try again.
ssize_t Ring::read_at(int descriptor, std::span<const iovec> vectors, off_t offset,
                      const char* what) noexcept {
  Request request{*Loop::fiber()};
  io_uring_sqe entry{};
  entry.opcode = IORING_OP_READV;
  entry.fd = descriptor;
  entry.addr = reinterpret_cast<std::uint64_t>(vectors.data());
  entry.len = static_cast<unsigned>(vectors.size());
  entry.off = static_cast<std::uint64_t>(offset);
  entry.user_data = reinterpret_cast<std::uint64_t>(&request);
  if (!submit(entry)) {
    return -1;
  }
  take_completed();  // it may have been quick
  const int got = request.wait(what);
  reads_ += got >= 0 ? 1 : 0;
  return got >= 0 ? got : -1;
}

// The kernel looks at the queue only when it is entered, so what it refuses can be taken back.
bool Ring::submit(const io_uring_sqe& entry) noexcept {
  if (in_flight_ == most_completed_) {
    return false;
  }
  const unsigned tail = *submitted_;
  submissions_[tail & (most_submitted_ - 1)] = entry;
  write_shared(submitted_, tail + 1);
  if (enter(1) != 1) {
    write_shared(submitted_, tail);
    return false;
  }
  ++in_flight_;
  return true;
}

// The kernel completes some twenty at a time, and says whether there are more.
void Ring::take() noexcept {
  if (in_flight_ == 0) {
    return;
  }
  while ((read_shared(flags_) & sq_taskrun) != 0 && (enter(0) == 0 || errno == EINTR)) {
    take_completed();
  }
  take_completed();
}

void Ring::take_completed() noexcept {
  unsigned head = *taken_;
  while (head != read_shared(completed_)) {
    const io_uring_cqe& each = completions_[head & (most_completed_ - 1)];
    auto& request = *reinterpret_cast<Request*>(static_cast<std::uintptr_t>(each.user_data));
    const int result = each.res;
    write_shared(taken_, ++head);
    --in_flight_;
    request.complete(result);
  }
}

// Submit some, and have all done that was deferred.
long Ring::enter(unsigned count) noexcept {
  return syscall(SYS_io_uring_enter, descriptor_, count, 0, IORING_ENTER_GETEVENTS, nullptr, 0);
}

#else

Ring::Mapping::~Mapping() = default;
Ring::~Ring() = default;
Ring* Ring::of_thread(int) noexcept { return nullptr; }
ssize_t Ring::read_at(int, std::span<const iovec>, off_t, const char*) noexcept { return -1; }
void Ring::take() noexcept {}

#endif

}  // namespace flux::event
