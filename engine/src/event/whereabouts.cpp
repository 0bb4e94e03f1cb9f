#include "whereabouts.hpp"

#include <array>
#include <flux/source.hpp>

#include "loop.hpp"

namespace flux::event {

namespace {

Line& operator<<(Line& line, const Source& source) noexcept {
  return line << source.name << " => " << source.target;
}

// In the words of the conformance suite: a `?` is a reader's, a number the session's.
void tell_constraint(Line& line, const Held& held, const Flow& flow) noexcept {
  line << held.name;
  if (held.is_of_session) {
    line << "(" << flow.session << ")";
  }
  line << (held.reads ? "?" : "");
}

}  // namespace

void tell_carried(Line& line, const Fiber& fiber) noexcept {
  if (fiber.task != nullptr) {
    line << fiber.task->source;
  } else if (fiber.source != nullptr) {
    line << "source " << *fiber.source;
  } else {
    line << fiber.errand;
  }
}

const Node* node_of(const Fiber& fiber) noexcept {
  return fiber.work() != nullptr ? fiber.work()->flow.at.load() : nullptr;
}

void tell_place(Line& line, const Fiber& fiber) noexcept {
  if (const Node* const at = node_of(fiber)) {
    line << at->name() << " of ";
  }
  tell_carried(line, fiber);
}

// The chain begins with the latest, and they are told in the order in which they were taken.
void tell_constraints(Line& line, const Fiber& fiber) noexcept {
  if (fiber.work() == nullptr) {
    return;
  }
  const Flow& flow = fiber.work()->flow;
  std::array<const Held*, 32> chain;
  std::size_t count = 0;
  for (const Held* each = flow.held; each != nullptr && count < chain.size();
       each = each->earlier) {
    if (each->is_taken) {
      chain[count++] = each;
    }
  }
  for (const char* before = ", holds "; count > 0; before = ", ") {
    tell_constraint(line << before, *chain[--count], flow);
  }
}

void tell_awaited(Line& line, const Fiber& fiber) noexcept {
  if (!fiber.is_parked()) {
    line << (fiber.loop.running() == &fiber ? ", runs" : ", is ready");
  } else if (fiber.awaited.what != nullptr) {
    line << ", awaits " << fiber.awaited.what;
    if (fiber.awaited.descriptor >= 0) {
      line << " of descriptor " << static_cast<std::uint64_t>(fiber.awaited.descriptor);
    }
  } else if (fiber.work() != nullptr && fiber.work()->flow.taking() != nullptr) {
    tell_constraint(line << ", awaits ", *fiber.work()->flow.taking(), fiber.work()->flow);
  } else {
    line << ", is parked";
  }
}

}  // namespace flux::event
