// Waiting for several descriptors at once.

#include "polling.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "call.hpp"

namespace flux::event {

namespace {

// Interests of few descriptors, which are most often all, need no memory of their own.
class Interests {
 public:
  explicit Interests(std::size_t count) noexcept
      : many_{count > few_.size() ? new (std::nothrow) Interest[count] : nullptr},
        all_{count > few_.size() ? many_.get() : few_.data(), count} {}

  bool has_memory() const noexcept { return all_.data() != nullptr; }
  std::span<Interest> all() noexcept { return all_; }

 private:
  std::array<Interest, 8> few_{};
  std::unique_ptr<Interest[]> many_;
  std::span<Interest> all_;
};

// The bits of poll and of epoll are the same.
std::size_t fill(std::span<Interest> interests, std::span<const pollfd> polled) noexcept {
  std::size_t count = 0;
  for (const pollfd& each : polled) {
    if (each.fd >= 0) {
      interests[count++] = {.descriptor = each.fd,
                            .wanted = static_cast<std::uint32_t>(each.events) & 0xffff};
    }
  }
  return count;
}

}  // namespace

Admitted::Admitted(const sigset_t* mask) noexcept {
  sigset_t admitted;
  if (mask == nullptr || pthread_sigmask(SIG_BLOCK, nullptr, &admitted) != 0) {
    return;
  }
  for (int each = 1; each < NSIG; ++each) {
    if (sigismember(mask, each) == 1) {
      sigdelset(&admitted, each);
    }
  }
  if (!sigisemptyset(&admitted)) {
    descriptor_ = signalfd(-1, &admitted, SFD_CLOEXEC | SFD_NONBLOCK);
  }
}

Admitted::~Admitted() {
  if (descriptor_ != -1) {
    const int before = errno;
    close(descriptor_);
    errno = before;
  }
}

// Ask the kernel; wait for news; ask again. That signals have interrupted only counts if a handler
// of the program's has run.
int poll_until(std::span<pollfd> polled, std::optional<Time> deadline, const char* what,
               const sigset_t* mask) noexcept {
  const int before = errno;
  Interests interests{polled.size() + 1};
  if (!interests.has_memory()) {
    errno = ENOMEM;
    return -1;
  }
  const Admitted admitted{mask};
  while (true) {
    constexpr timespec at_once{};
    const int ready = real::ppoll(polled.data(), polled.size(), &at_once, mask);
    if (ready != 0 || (deadline && *deadline <= Clock::now())) {
      errno = ready >= 0 ? before : errno;
      return ready;
    }
    std::size_t count = fill(interests.all(), polled);
    if (admitted.descriptor() != -1) {
      interests.all()[count++] = {.descriptor = admitted.descriptor(), .wanted = EPOLLIN};
    }
    Loop& loop = *Loop::current();
    Waiting waiting{loop, *loop.running()};
    if (waiting.wait(interests.all().first(count), deadline, what, true) == Woken::interrupted &&
        signals_interrupt(true)) {
      errno = EINTR;
      return -1;
    }
  }
}

std::optional<Time> deadline_in(const timespec* timeout) noexcept {
  constexpr std::int64_t longest = 100LL * 365 * 24 * 3600;  // time can't be counted much further
  if (timeout == nullptr) {
    return std::nullopt;
  }
  return Clock::now() + std::chrono::seconds{std::min<std::int64_t>(timeout->tv_sec, longest)} +
         std::chrono::nanoseconds{timeout->tv_nsec};
}

bool is_time(const timespec& time) noexcept {
  return time.tv_sec >= 0 && time.tv_nsec >= 0 && time.tv_nsec < 1'000'000'000;
}

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(polling)

FLUX_INTERCEPTED int poll(pollfd* polled, nfds_t count, int timeout) {
  if (!on_fiber() || timeout == 0) {
    return real::poll(polled, count, timeout);
  }
  const auto deadline =
      timeout < 0 ? std::nullopt : std::optional{Clock::now() + std::chrono::milliseconds{timeout}};
  return poll_until({polled, count}, deadline, "poll", nullptr);
}

FLUX_INTERCEPTED int __poll_chk(pollfd* polled, nfds_t count, int timeout, size_t room) {
  check_room(count * sizeof(pollfd), room);
  return poll(polled, count, timeout);
}

FLUX_INTERCEPTED int ppoll(pollfd* polled, nfds_t count, const timespec* timeout,
                           const sigset_t* mask) {
  if (!on_fiber() || (timeout != nullptr && !is_time(*timeout))) {
    return real::ppoll(polled, count, timeout, mask);
  }
  return poll_until({polled, count}, deadline_in(timeout), "ppoll", mask);
}

FLUX_INTERCEPTED int __ppoll_chk(pollfd* polled, nfds_t count, const timespec* timeout,
                                 const sigset_t* mask, size_t room) {
  check_room(count * sizeof(pollfd), room);
  return ppoll(polled, count, timeout, mask);
}
