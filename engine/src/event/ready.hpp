// The fibers of a loop that are ready to run.
//
// They run in the order in which they became ready, but for those that have used up their turn:
// these are looked at only when nobody else has anything to do, after the timers, the inbox and the
// kernel have been asked once more. So that they aren't forgotten where somebody always has, one of
// them runs every other `patience`.
//
// Those that have run for long without having to wait, though their calls may, are tireless: one of
// them runs in each round. So who becomes ready waits for one of them at most, however many they
// are, and they for each other and for who is ready.

#pragma once

#include "fiber.hpp"

namespace flux::event {

class Ready {
 public:
  bool empty() const noexcept { return usual_.empty() && tireless_.empty() && greedy_.empty(); }

  void add(Fiber& fiber) noexcept { (fiber.gives_way ? greedy_ : usual_).add(fiber); }

  void add_tireless(Fiber& fiber) noexcept { (fiber.gives_way ? greedy_ : tireless_).add(fiber); }

  // The next one runs before all others.
  void add_first(Fiber& fiber) noexcept { usual_.add_first(fiber); }

  bool has_usual() const noexcept { return !usual_.empty(); }
  Fiber& take_usual() noexcept { return usual_.take(); }

  // One at the beginning of a round; null if there is none.
  Fiber* take_tireless() noexcept { return tireless_.empty() ? nullptr : &tireless_.take(); }

  // One that has used up its turn, at the beginning of a round; null if it isn't time for one.
  Fiber* take_greedy(Time now) noexcept {
    const bool is_alone = usual_.empty() && tireless_.empty();
    if (greedy_.empty() || (!is_alone && now < greedy_due_)) [[likely]] {
      return nullptr;
    }
    greedy_due_ = now + patience;
    return &greedy_.take();
  }

 private:
  static constexpr std::chrono::milliseconds patience{50};

  class List {
   public:
    bool empty() const noexcept { return first_ == nullptr; }

    void add(Fiber& fiber) noexcept {
      fiber.next_ready = nullptr;
      (first_ == nullptr ? first_ : last_->next_ready) = &fiber;
      last_ = &fiber;
    }

    void add_first(Fiber& fiber) noexcept {
      fiber.next_ready = first_;
      last_ = first_ == nullptr ? &fiber : last_;
      first_ = &fiber;
    }

    Fiber& take() noexcept {
      Fiber& taken = *first_;
      first_ = taken.next_ready;
      return taken;
    }

   private:
    Fiber* first_ = nullptr;
    Fiber* last_ = nullptr;
  };

  List usual_{};
  List tireless_{};
  List greedy_{};
  Time greedy_due_{};
};

}  // namespace flux::event
