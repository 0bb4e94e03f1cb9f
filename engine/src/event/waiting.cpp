#include "waiting.hpp"

#include <cerrno>

#include "loop.hpp"

namespace flux::event {

Woken Waiting::wait(std::span<Interest> interests, std::optional<Time> deadline, const char* what,
                    bool interruptible) noexcept {
  std::size_t entered = 0;
  const auto at_once = enter(interests, entered);
  const int descriptor = interests.size() == 1 ? interests[0].descriptor : -1;
  Woken woken = at_once ? *at_once : sleep(deadline, {what, descriptor}, interruptible);
  for (Interest& each : interests.first(entered)) {
    loop_.descriptors().leave(each);
    woken = each.closed ? Woken::closed : woken;
  }
  return woken;
}

// Enter all interests, unless one of them is no reason to wait.
std::optional<Woken> Waiting::enter(std::span<Interest> interests, std::size_t& entered) noexcept {
  for (Interest& each : interests) {
    each.waiting = this;
    switch (loop_.descriptors().enter(each)) {
      case 0:
        ++entered;
        break;
      case EBADF:
        return Woken::closed;
      case EPERM:  // a file that is always ready
        each.got = each.wanted;
        return Woken::ready;
      default:  // the system has no room for it now
        is_blind_ = true;
    }
  }
  return std::nullopt;
}

Woken Waiting::sleep(std::optional<Time> deadline, const Awaited& awaited,
                     bool interruptible) noexcept {
  constexpr std::chrono::milliseconds blind_for{10};
  const bool looks_again = is_blind_ && (!deadline || *deadline > Clock::now() + blind_for);
  if (looks_again) {
    deadline = Clock::now() + blind_for;
  }
  if (deadline) {
    loop_.timers().add(*this, *deadline);
  }
  if (interruptible) {
    loop_.interruptible().add(*this);
  }
  fiber_.awaited = awaited;
  fiber_.gives_way = false;
  while (!is_over_) {
    fiber_.park();
  }
  fiber_.awaited = {};
  if (interruptible) {
    loop_.interruptible().remove(*this);
  }
  if (deadline) {
    loop_.timers().cancel(*this);
  }
  return is_late_ && !looks_again ? Woken::late
         : is_interrupted_        ? Woken::interrupted
                                  : Woken::ready;
}

void Waiting::wake() noexcept {
  if (!is_over_) {
    is_over_ = true;
    fiber_.unpark();
  }
}

void Waiting::interrupt() noexcept {
  if (!is_over_) {
    is_interrupted_ = true;
    wake();
  }
}

void Waiting::ring() noexcept {
  if (!is_over_) {
    is_late_ = true;
    wake();
  }
}

Woken wait_for(int descriptor, std::uint32_t events, std::optional<Time> deadline,
               const char* what) noexcept {
  Loop& loop = *Loop::current();
  Interest interest{.descriptor = descriptor, .wanted = events};
  Waiting waiting{loop, *loop.running()};
  return waiting.wait({&interest, 1}, deadline, what, true);
}

}  // namespace flux::event
