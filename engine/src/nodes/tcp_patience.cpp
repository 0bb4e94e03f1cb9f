#include "tcp_patience.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <mutex>
#include <utility>

namespace flux::nodes::detail {

Patience::Wait::Wait(Patience& patience, int descriptor, short event) noexcept
    : patience_{patience}, descriptor_{descriptor}, event_{event} {
  if (patience_.most_ > 0) patience_.enter(*this);
}

Patience::Wait::~Wait() {
  if (patience_.most_ == 0) return;
  const std::lock_guard guard(patience_.lock_);
  if (!is_given_up_) patience_.leave(*this);
}

bool Patience::Wait::is_given_up() const noexcept {
  if (patience_.most_ == 0) return false;
  const std::lock_guard guard(patience_.lock_);
  return is_given_up_;
}

void Patience::enter(Wait& wait) noexcept {
  const std::lock_guard guard(lock_);
  wait.previous_ = std::exchange(youngest_, &wait);
  (wait.previous_ ? wait.previous_->next_ : oldest_) = &wait;
  if (++count_ > most_) give_up(*oldest_);
}

void Patience::leave(Wait& wait) noexcept {
  (wait.previous_ ? wait.previous_->next_ : oldest_) = wait.next_;
  (wait.next_ ? wait.next_->previous_ : youngest_) = wait.previous_;
  --count_;
}

// With the lock, without which its caller can't go on and close the socket. Who was slow to send
// may still be told so.
void Patience::give_up(Wait& wait) noexcept {
  leave(wait);
  wait.is_given_up_ = true;
  ::shutdown(wait.descriptor_, wait.event_ == POLLIN ? SHUT_RD : SHUT_RDWR);
}

}  // namespace flux::nodes::detail
