#include "fiber.hpp"

#include <utility>

#include "loop.hpp"

namespace flux::event {

class Fiber::Alarm final : public Timer {
 public:
  explicit Alarm(Fiber& fiber) noexcept : fiber_{fiber} {}

  bool has_rung = false;

 private:
  void ring() noexcept override {
    has_rung = true;
    fiber_.unpark_here();
  }

  Fiber& fiber_;
};

void spread_source() noexcept {
  Fiber* const fiber = Loop::fiber();
  if (fiber != nullptr && fiber->spreadable != nullptr) {
    std::exchange(fiber->spreadable, nullptr)->spread();
  }
}

void Fiber::park() noexcept {
  if (!std::exchange(woken_, false)) {
    parked_ = true;
    loop.leave();
  }
}

void Fiber::unpark() noexcept {
  if (Loop::current() == &loop) {
    unpark_here();
  } else {
    loop.post(wake_up_);
  }
}

bool Fiber::park_until(Time deadline) noexcept {
  if (std::exchange(woken_, false)) {
    return true;
  }
  Alarm alarm{*this};
  loop.timers().add(alarm, deadline);
  parked_ = true;
  loop.leave();
  loop.timers().cancel(alarm);
  return !alarm.has_rung;
}

void Fiber::unpark_here() noexcept {
  if (std::exchange(parked_, false)) {
    loop.make_ready(*this);
  } else {
    woken_ = true;
  }
}

}  // namespace flux::event
