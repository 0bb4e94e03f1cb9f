// All loops of the process: how many there are, and what each has to know of what others do.

#include "loop.hpp"

namespace flux::event {

constinit std::array<std::atomic<Loop*>, most_loops> all_loops{};

// Tells a loop of a descriptor that was closed on another thread.
class Loop::Forgetting final : public Post {
 public:
  Forgetting(Loop& loop, int descriptor, Age age) noexcept
      : loop_{loop}, descriptor_{descriptor}, age_{age} {}

 private:
  void deliver() noexcept override {
    loop_.descriptors_.closed(descriptor_, age_);
    delete this;
  }

  Loop& loop_;
  int descriptor_;
  Age age_;
};

unsigned Loop::count() noexcept {
  unsigned number = 0;
  for (const auto& each : all_loops) {
    number += each.load() != nullptr ? 1 : 0;
  }
  return number;
}

void Loop::forget(int descriptor) noexcept {
  if (descriptor < 0 || !is_known(descriptor)) {
    return;
  }
  const Age age = age_of(descriptor);
  const std::uint64_t loops = outdate(descriptor);
  for (unsigned number = 0; number < most_loops; ++number) {
    Loop* const loop = loops >> number & 1 ? all_loops[number].load() : nullptr;
    if (loop == current_ && loop != nullptr) {
      loop->descriptors_.closed(descriptor, age);
    } else if (loop != nullptr) {
      loop->post(*new Forgetting{*loop, descriptor, age});
    }
  }
}

void Loop::begin_child() noexcept {
  for (auto& each : all_loops) {
    each = nullptr;
  }
}

}  // namespace flux::event
