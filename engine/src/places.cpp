#include "places.hpp"

namespace flux {

// A place that is given back goes to the first who waits: it never becomes free meanwhile.
void Places::take() noexcept {
  std::unique_lock guarded{guard_};
  if (free_ > 0) {
    --free_;
  } else {
    freed_.wait(guarded);
  }
}

void Places::give_back() noexcept {
  std::unique_lock guarded{guard_};
  Bearer* const next = freed_.next();
  free_ += next == nullptr ? 1 : 0;
  guarded.unlock();
  if (next != nullptr) {
    next->unpark();
  }
}

}  // namespace flux
