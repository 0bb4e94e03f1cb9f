#include "locals.hpp"

#include <memory>

#include "loop.hpp"

namespace flux::event {

// In reverse, as other variables; a destructor may ask for values again.
Locals::~Locals() {
  while (!entries_.empty()) {
    const Entry last = entries_.back();
    entries_.pop_back();
    last.value.destroy(last.value.value);
  }
}

void* Locals::value(const void* key, detail::LocalValue (*make)()) {
  for (const Entry& each : entries_) {
    if (each.key == key) {
      return each.value.value;
    }
  }
  const detail::LocalValue made = make();
  try {
    entries_.push_back({key, made});
  } catch (...) {
    made.destroy(made.value);
    throw;
  }
  return made.value;
}

}  // namespace flux::event

namespace flux::detail {

void* local_value(const void* key, LocalValue (*make)()) {
  if (event::Fiber* const fiber = event::Loop::fiber()) {
    if (!fiber->locals) {
      fiber->locals = std::make_unique<event::Locals>();
    }
    return fiber->locals->value(key, make);
  }
  thread_local event::Locals of_thread;
  return of_thread.value(key, make);
}

}  // namespace flux::detail
