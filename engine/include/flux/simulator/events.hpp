// What will happen, by time, and at one time in the order in which it was made.
//
// The next events stand in a short sorted array, the earliest last: to take one is free, to add one
// moves those that are earlier, and there are hardly ever more than processors and sources. Where
// there are more (clients who think, I/O), the later ones lie in a heap: no event in the heap is
// earlier than one in the array.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace flux::simulator {

struct Event {
  enum class Kind : std::uint32_t { flow, source, share, slice };

  double time;
  std::uint64_t order;
  Kind kind;
  std::uint32_t index;
};

inline bool is_later(const Event& one, const Event& other) noexcept {
  return one.time > other.time || (one.time == other.time && one.order > other.order);
}

class EventList {
 public:
  bool empty() const noexcept { return size_ == 0 && far_.empty(); }

  std::size_t size() const noexcept { return size_ + far_.size(); }

  void push(const Event& event) {
    if (size_ == most) {
      spill();
    }
    if (!far_.empty() && (size_ == 0 || is_later(event, near_[0]))) {
      push_far(event);
      return;
    }
    std::size_t place = size_++;
    for (; place > 0 && is_later(event, near_[place - 1]); --place) {
      near_[place] = near_[place - 1];
    }
    near_[place] = event;
  }

  // The list isn't empty.
  Event pop() {
    if (size_ == 0) {
      fetch();
    }
    return near_[--size_];
  }

 private:
  static constexpr std::size_t most = 64;
  static constexpr std::size_t portion = most / 2;

  void spill();
  void fetch();
  void push_far(const Event& event);

  std::array<Event, most> near_;
  std::size_t size_ = 0;
  std::vector<Event> far_{};
};

}  // namespace flux::simulator
