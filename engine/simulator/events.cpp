#include <algorithm>
#include <cstddef>
#include <flux/simulator/events.hpp>

namespace flux::simulator {

void EventList::push_far(const Event& event) {
  far_.push_back(event);
  std::push_heap(far_.begin(), far_.end(), is_later);
}

// The later half goes to the heap.
void EventList::spill() {
  for (std::size_t place = 0; place < portion; ++place) {
    push_far(near_[place]);
    near_[place] = near_[place + portion];
  }
  size_ = portion;
}

void EventList::fetch() {
  size_ = std::min(far_.size(), portion);
  for (std::size_t place = size_; place > 0; --place) {
    near_[place - 1] = far_.front();
    std::pop_heap(far_.begin(), far_.end(), is_later);
    far_.pop_back();
  }
}

}  // namespace flux::simulator
