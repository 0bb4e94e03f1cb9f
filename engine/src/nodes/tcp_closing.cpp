// How a reception ends.
//
// `turn_` is held by whoever is inside `call`. `close` may come at any time, from any thread: it
// marks the reception closed; then whoever can take `turn_` tears it down, the closer, or the one
// inside on his way out. So nothing is closed under a running `call`.
//
// `finish` is for a server that stops without losing a request. The door is closed behind those who
// stand in it, then everyone goes who is idle and hasn't spoken. Connections in use may come back
// until there are none; those whose clients have spoken are called, the others closed.

#include <utility>

#include "tcp_reception.hpp"

namespace flux::nodes::detail {

void Reception::finish() {
  const std::lock_guard guard(lock_);
  if (!closed_ && !std::exchange(finishing_, true)) wake();
}

void Reception::close() {
  {
    const std::lock_guard guard(lock_);
    if (!closed_.exchange(true)) wake();
  }
  tear_down();
}

// Whether nobody can come any more, since it is to finish; closed, then.
bool Reception::has_finished() {
  if (!std::exchange(swept_, true)) sweep();
  const std::lock_guard guard(lock_);
  closed_ = ready_.empty() && open_ == lingering_.size();
  return closed_;
}

// Close the door behind those who stand in it, and let everyone go who hasn't spoken.
void Reception::sweep() {
  Arrival arrival = entrance_.accept();
  for (std::size_t count = 0; arrival.socket && count < bounds_.connections; ++count) {
    admit(std::exchange(arrival, entrance_.accept()));
  }
  poller_->ignore(true);  // the parent of workers may have the socket open still
  opens_at_.reset();
  entrance_.close();
  while (Connection idle = leave_first({&idle_})) send_off(std::move(idle));
}

// Its socket is asked: what the client has said may not have been told yet.
void Reception::send_off(Connection idle) {
  if (idle.state().look() != Input::waiting) return release(idle.state());
  const std::lock_guard guard(lock_);
  ready_.enter(std::move(idle), Clock::now());
}

// Close everything, unless somebody is inside `call`: he does it on his way out.
void Reception::tear_down() {
  const std::unique_lock turn(turn_, std::try_to_lock);
  if (!turn || std::exchange(torn_down_, true)) return;
  entrance_.close();
  {
    const std::lock_guard guard(lock_);  // `close` may be about to wake the poller
    poller_.reset();
  }
  while (const Connection left = leave_first({&lingering_, &idle_, &ready_})) {
    release(left.state());
  }
}

}  // namespace flux::nodes::detail
