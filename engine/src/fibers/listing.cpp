// The fibers that live, for who asks what is going on: see flux.runtime.live.

#include <cstddef>
#include <cstdint>

#include "../event/loop.hpp"
#include "thread.hpp"

using namespace flux;

extern "C" {

// As flux.runtime.live has it, too.
struct FluxFiber {
  std::uint64_t thread;     // what `threading.get_ident` says
  double age;               // in seconds
  const char* awaits;       // null: nothing
  std::int64_t descriptor;  // of which it awaits that; -1: of none
};

// Fill in as many as there is room for; how many there are. A fiber asks, which holds the
// interpreter's lock; others hear of none.
[[gnu::visibility("default")]] std::size_t flux_list_fibers(FluxFiber* list,
                                                            std::size_t room) noexcept {
  const event::Fiber* const asks = event::Loop::fiber();
  std::size_t count = 0;
  const event::Time now = event::Clock::now();
  for (const event::Fiber* each = asks != nullptr ? asks->loop.living() : nullptr; each != nullptr;
       each = each->next_living) {
    const auto* const thread = static_cast<const fibers::Thread*>(each->companion);
    if (thread != nullptr && count++ < room) {
      const std::chrono::duration<double> age = now - each->since;
      list[count - 1] = {thread->name(), age.count(), each->awaited.what, each->awaited.descriptor};
    }
  }
  return count;
}

}  // extern "C"
