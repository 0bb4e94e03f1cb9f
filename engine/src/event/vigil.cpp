#include "vigil.hpp"

#include "../futex.hpp"

namespace flux::event {

std::optional<Time> Vigil::next_look(Time now, bool all_sleep, Clock::duration pause) noexcept {
  if (!all_sleep) {
    idle_since_.reset();
    sleeps_ = false;
    return now + pause;
  }
  if (!idle_since_ || !sleeps_) {  // woken by a loop that sleeps again already
    idle_since_ = now;
    sleeps_ = true;
  }
  return now - *idle_since_ < pause ? std::optional{now + pause} : std::nullopt;
}

void Vigil::ring() noexcept {
  bell_.fetch_add(1);
  futex_wake_one(bell_);
}

// Of several loops that wake him, one does.
void Vigil::wake() noexcept {
  if (sleeps_.exchange(false)) {
    ring();
  }
}

}  // namespace flux::event
