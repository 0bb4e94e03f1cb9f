#include "timers.hpp"

#include <utility>

namespace flux::event {

void Timers::add(Timer& timer, Time due) {
  heap_.push_back(&timer);
  timer.due_ = due;
  timer.place_ = heap_.size() - 1;
  rise(timer.place_);
}

void Timers::cancel(Timer& timer) noexcept {
  const std::size_t place = std::exchange(timer.place_, Timer::nowhere);
  if (place == Timer::nowhere) {
    return;
  }
  Timer* const last = heap_.back();
  heap_.pop_back();
  if (last != &timer) {
    put(place, last);
    rise(place);
    sink(last->place_);
  }
}

void Timers::ring(Time now) noexcept {
  while (next() <= now) {
    Timer& timer = *heap_.front();
    cancel(timer);
    timer.ring();
  }
}

void Timers::put(std::size_t place, Timer* timer) noexcept {
  heap_[place] = timer;
  timer->place_ = place;
}

void Timers::rise(std::size_t place) noexcept {
  Timer* const timer = heap_[place];
  while (place > 0 && timer->due_ < heap_[(place - 1) / 2]->due_) {
    put(place, heap_[(place - 1) / 2]);
    place = (place - 1) / 2;
  }
  put(place, timer);
}

void Timers::sink(std::size_t place) noexcept {
  Timer* const timer = heap_[place];
  while (2 * place + 1 < heap_.size()) {
    std::size_t child = 2 * place + 1;
    if (child + 1 < heap_.size() && heap_[child + 1]->due_ < heap_[child]->due_) {
      ++child;
    }
    if (timer->due_ <= heap_[child]->due_) {
      break;
    }
    put(place, heap_[child]);
    place = child;
  }
  put(place, timer);
}

}  // namespace flux::event
