// `select`: asked of `poll`, for the loop can wait for descriptors, not for sets.

#include <algorithm>
#include <climits>
#include <new>
#include <vector>

#include "call.hpp"
#include "polling.hpp"

namespace flux::event {

namespace {

// What `poll` tells where `select` would: the lists of the kernel (POLLIN_SET and so on).
constexpr short reading = POLLRDNORM | POLLRDBAND | POLLIN | POLLHUP | POLLERR;
constexpr short writing = POLLWRBAND | POLLWRNORM | POLLOUT | POLLERR;
constexpr short special = POLLPRI;

// A set may be longer than its type says, if the caller has made it so.
class Set {
 public:
  explicit Set(fd_set* set) noexcept : words_{reinterpret_cast<unsigned long*>(set)} {}

  bool has(int number) const noexcept {
    return words_ != nullptr && (words_[place(number)] & bit(number)) != 0;
  }

  void clear(int count) noexcept {
    for (int each = 0; words_ != nullptr && each < count; ++each) {
      words_[place(each)] &= ~bit(each);
    }
  }

  void put(int number) noexcept { words_[place(number)] |= bit(number); }

 private:
  static constexpr std::size_t bits = sizeof(long) * CHAR_BIT;
  static std::size_t place(int number) noexcept { return static_cast<std::size_t>(number) / bits; }
  static unsigned long bit(int number) noexcept {
    return 1UL << (static_cast<std::size_t>(number) % bits);
  }

  unsigned long* words_;
};

struct Sets {
  Set read;
  Set write;
  Set except;

  short wanted(int number) const noexcept {
    return static_cast<short>((read.has(number) ? POLLIN | POLLRDBAND : 0) |
                              (write.has(number) ? POLLOUT | POLLWRBAND : 0) |
                              (except.has(number) ? POLLPRI : 0));
  }

  void clear(int count) noexcept {
    read.clear(count);
    write.clear(count);
    except.clear(count);
  }

  static bool is_told(const pollfd& polled, short wanted, short those) noexcept {
    return (polled.events & wanted) != 0 && (polled.revents & those) != 0;
  }

  static int told(const pollfd& polled) noexcept {
    return is_told(polled, POLLIN, reading) + is_told(polled, POLLOUT, writing) +
           is_told(polled, POLLPRI, special);
  }

  void put(const pollfd& polled) noexcept {
    if (is_told(polled, POLLIN, reading)) {
      read.put(polled.fd);
    }
    if (is_told(polled, POLLOUT, writing)) {
      write.put(polled.fd);
    }
    if (is_told(polled, POLLPRI, special)) {
      except.put(polled.fd);
    }
  }
};

std::vector<pollfd> polled_of(const Sets& sets, int count) {
  std::vector<pollfd> polled;
  for (int each = 0; each < count; ++each) {
    if (const short wanted = sets.wanted(each)) {
      polled.push_back({.fd = each, .events = wanted, .revents = 0});
    }
  }
  return polled;
}

bool has_closed(std::span<const pollfd> polled) noexcept {
  for (const pollfd& each : polled) {
    if ((each.revents & POLLNVAL) != 0) {
      return true;
    }
  }
  return false;
}

// An end that nobody wants to hear of, but `poll` tells always, is not asked for again.
void leave_out_told(std::span<pollfd> polled) noexcept {
  for (pollfd& each : polled) {
    each.fd = each.revents != 0 ? -1 : each.fd;
  }
}

// How much is told. The sets are what was asked until something is.
int tell(Sets& sets, int count, std::span<const pollfd> polled) noexcept {
  int wanted = 0;
  for (const pollfd& each : polled) {
    wanted += each.fd >= 0 ? Sets::told(each) : 0;
  }
  if (wanted > 0) {
    sets.clear(count);
    for (const pollfd& each : polled) {
      if (each.fd >= 0) {
        sets.put(each);
      }
    }
  }
  return wanted;
}

int select_until(int count, Sets sets, std::optional<Time> deadline, const char* what,
                 const sigset_t* mask) {
  std::vector<pollfd> polled = polled_of(sets, count);
  while (true) {
    const int ready = poll_until(polled, deadline, what, mask);
    if (ready < 0) {
      return -1;
    }
    if (ready == 0) {
      sets.clear(count);
      return 0;
    }
    if (has_closed(polled)) {
      errno = EBADF;
      return -1;
    }
    if (const int told = tell(sets, count, polled)) {
      return told;
    }
    leave_out_told(polled);
  }
}

int select_on_fiber(int count, const Sets& sets, std::optional<Time> deadline, const char* what,
                    const sigset_t* mask) noexcept {
  try {
    return select_until(count, sets, deadline, what, mask);
  } catch (const std::bad_alloc&) {
    errno = ENOMEM;
    return -1;
  }
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(selecting)

// As Linux does it, `timeout` becomes what is left of it.
FLUX_INTERCEPTED int select(int count, fd_set* read, fd_set* write, fd_set* except,
                            timeval* timeout) {
  const bool is_bad =
      count < 0 || (timeout != nullptr && (timeout->tv_sec < 0 || timeout->tv_usec < 0));
  if (!on_fiber() || is_bad) {
    return real::select(count, read, write, except, timeout);
  }
  std::optional<Time> deadline;
  if (timeout != nullptr) {
    const timespec time{.tv_sec = timeout->tv_sec + timeout->tv_usec / 1'000'000,
                        .tv_nsec = timeout->tv_usec % 1'000'000 * 1000};
    deadline = deadline_in(&time);
  }
  const int told =
      select_on_fiber(count, {Set{read}, Set{write}, Set{except}}, deadline, "select", nullptr);
  if (deadline) {
    using namespace std::chrono;
    const auto left =
        duration_cast<microseconds>(std::max(*deadline - Clock::now(), Clock::duration::zero()));
    *timeout = {.tv_sec = left.count() / 1'000'000, .tv_usec = left.count() % 1'000'000};
  }
  return told;
}

FLUX_INTERCEPTED int pselect(int count, fd_set* read, fd_set* write, fd_set* except,
                             const timespec* timeout, const sigset_t* mask) {
  if (!on_fiber() || count < 0 || (timeout != nullptr && !is_time(*timeout))) {
    return real::pselect(count, read, write, except, timeout, mask);
  }
  return select_on_fiber(count, {Set{read}, Set{write}, Set{except}}, deadline_in(timeout),
                         "pselect", mask);
}
