// The poller of fibers: it hears what their loop hears anyway, without a system call of its own.

#include <utility>
#include <vector>

#include "../event/loop.hpp"
#include "tcp_poller.hpp"

namespace flux::nodes::detail {

namespace {

// All but `wake` belongs to the loop's thread.
class LoopPoller final : public Poller,
                         public event::Subscriber,
                         public std::enable_shared_from_this<LoopPoller> {
 public:
  explicit LoopPoller(event::Loop& loop) noexcept
      : loop_{&loop}, number_{loop.subscribers().add(*this)} {}
  ~LoopPoller() override = default;

  bool is_subscribed() const noexcept { return number_ != 0; }

  int add(int descriptor, std::uint64_t token) noexcept override {
    return loop_->descriptors().subscribe(descriptor, number_, token);
  }

  void wait(Deadline deadline) override {
    if (!std::exchange(is_woken_, false) && heard_.empty() && !may_enter()) {
      event::Waiting waiting{*loop_, *loop_->running()};
      waiting_ = &waiting;
      waiting.wait({}, deadline, "a connection", false);
      waiting_ = nullptr;
      is_woken_ = false;
    } else {
      loop_->yield();  // a crowd at the door must not keep the loop from those inside
    }
  }

  std::span<const epoll_event> fetch(Events& events) noexcept override {
    std::size_t count = 0;
    if (may_enter()) {
      events[count++] = {.events = EPOLLIN, .data = {.u64 = door}};
    }
    while (count < batch && first_ < heard_.size()) {
      const epoll_event& next = heard_[first_++];
      if (is_true(next)) {
        events[count++] = next;
      }
    }
    if (first_ == heard_.size()) {
      heard_.clear();
      first_ = 0;
    }
    return {events.begin(), count};
  }

  void wake() noexcept override;

  void exhausted() noexcept override { is_open_ = false; }

  void ignore(bool ignored) noexcept override { is_ignored_ = ignored; }

  void wake_here() noexcept {
    is_woken_ = true;
    wake_fiber();
  }

  // Hear no more; from any thread. The last reference may be the loop's.
  void leave() noexcept;

  void unsubscribe() noexcept {
    if (loop_ != nullptr) {
      loop_->subscribers().remove(number_);
      loop_ = nullptr;
    }
  }

 private:
  void heard(std::uint64_t token, std::uint32_t events) noexcept override {
    if (events == EPOLLOUT) return;  // nobody here waits to write
    if (token == door) {
      is_open_ = true;
    } else {
      heard_.push_back({.events = events, .data = {.u64 = token}});
    }
    wake_fiber();
  }

  void abandoned() noexcept override { loop_ = nullptr; }

  bool may_enter() const noexcept { return is_open_ && !is_ignored_; }

  // Whether what was told is still to be read.
  bool is_true(const epoll_event& event) const noexcept {
    const auto* const known =
        loop_->descriptors().known(static_cast<int>(event.data.u64 & 0xffff'ffff));
    return known != nullptr && known->token == event.data.u64 &&
           (known->may_read || known->is_special);
  }

  void wake_fiber() noexcept {
    if (waiting_ != nullptr) {
      waiting_->wake();
    }
  }

  event::Loop* loop_;
  std::uint8_t number_;
  event::Waiting* waiting_ = nullptr;
  bool is_woken_ = false;
  bool is_open_ = false;  // somebody may stand in the door
  bool is_ignored_ = false;
  std::vector<epoll_event> heard_{};
  std::size_t first_ = 0;
};

// Does something on the loop's thread.
template <void (LoopPoller::*deed)() noexcept>
class There final : public event::Post {
 public:
  explicit There(std::shared_ptr<LoopPoller> poller) noexcept : poller_{std::move(poller)} {}

 private:
  void deliver() noexcept override {
    ((*poller_).*deed)();
    delete this;
  }

  std::shared_ptr<LoopPoller> poller_;
};

void LoopPoller::wake() noexcept {
  if (loop_ == nullptr) {
    return;
  }
  if (event::Loop::current() == loop_) {
    wake_here();
  } else {
    loop_->post(*new There<&LoopPoller::wake_here>{shared_from_this()});
  }
}

void LoopPoller::leave() noexcept {
  if (loop_ == nullptr) {
    return;
  }
  if (event::Loop::current() == loop_) {
    unsubscribe();
  } else {
    loop_->post(*new There<&LoopPoller::unsubscribe>{shared_from_this()});
  }
}

}  // namespace

std::shared_ptr<Poller> new_loop_poller(int always) {
  event::Loop* const loop = event::Loop::fiber() != nullptr ? event::Loop::current() : nullptr;
  if (loop == nullptr) return nullptr;
  // Who lets go of it lets it leave; it goes when no post holds it any more.
  auto poller = std::make_shared<LoopPoller>(*loop);
  if (!poller->is_subscribed() || poller->add(always, door) != 0) return nullptr;
  return {poller.get(), [poller](Poller*) mutable { std::exchange(poller, nullptr)->leave(); }};
}

}  // namespace flux::nodes::detail
