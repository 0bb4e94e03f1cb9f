#include "futex.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

namespace flux {

namespace {

// Locks must leave `errno` as the program's nodes know it.
void futex(const std::atomic<std::uint32_t>& word, int operation, std::uint32_t value,
           const timespec* deadline) noexcept {
  static_assert(sizeof word == sizeof(std::uint32_t));
  const int before = errno;
  syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, deadline, nullptr,
          FUTEX_BITSET_MATCH_ANY);
  errno = before;
}

timespec as_timespec(Deadline deadline) noexcept {
  using std::chrono::duration_cast, std::chrono::nanoseconds, std::chrono::seconds;
  const auto whole = duration_cast<seconds>(deadline.time_since_epoch());
  const auto rest = duration_cast<nanoseconds>(deadline.time_since_epoch() - whole);
  return {.tv_sec = whole.count(), .tv_nsec = rest.count()};
}

}  // namespace

void futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t value,
                std::optional<Deadline> deadline) noexcept {
  if (deadline) {
    const timespec until = as_timespec(*deadline);
    futex(word, FUTEX_WAIT_BITSET, value, &until);
  } else {
    futex(word, FUTEX_WAIT_BITSET, value, nullptr);
  }
}

void futex_wake_one(const std::atomic<std::uint32_t>& word) noexcept {
  futex(word, FUTEX_WAKE, 1, nullptr);
}

void futex_wake_all(const std::atomic<std::uint32_t>& word) noexcept {
  futex(word, FUTEX_WAKE, INT_MAX, nullptr);
}

}  // namespace flux
