#include "census.hpp"

#include <flux/source.hpp>

#include "line.hpp"
#include "loop.hpp"
#include "whereabouts.hpp"

namespace flux::event {

namespace {

struct Numbers {
  std::size_t flows = 0;
  std::size_t others = 0;
};

Numbers count(const Loop& loop) noexcept {
  Numbers numbers;
  for (const Fiber* each = loop.living(); each != nullptr; each = each->next_living) {
    ++(each->task != nullptr ? numbers.flows : numbers.others);
  }
  return numbers;
}

Line begun(const Loop& loop) noexcept {
  Line line;
  line << "flux: loop " << loop.number();
  return line;
}

// A flow that waits for a constraint isn't in a node: that is to come.
void tell_node(Line& line, const Fiber& fiber) noexcept {
  if (const Node* const at = node_of(fiber)) {
    line << (fiber.work()->flow.taking() != nullptr ? "after " : "in ") << at->name() << ", ";
  }
}

void tell(Line& line, const Fiber& fiber, Time now) noexcept {
  line << ": ";
  tell_carried(line, fiber);
  line << ", ";
  tell_node(line, fiber);
  line << std::chrono::duration_cast<std::chrono::milliseconds>(now - fiber.since) << " old";
  tell_constraints(line, fiber);
  tell_awaited(line, fiber);
}

}  // namespace

std::string list(const Loop& loop) {
  const Numbers numbers = count(loop);
  const Time now = Clock::now();
  std::string text;
  const auto add = [&text](Line& line) { text.append(line.text()) += '\n'; };
  Line first = begun(loop);
  add(first << " carries " << numbers.flows << (numbers.flows == 1 ? " flow" : " flows"));
  std::size_t left = numbers.flows + numbers.others;
  std::size_t listed = 0;
  for (const Fiber* each = loop.living(); each != nullptr && listed < most_listed;
       each = each->next_living, ++listed, --left) {
    Line line = begun(loop);
    tell(line, *each, now);
    add(line);
  }
  if (left > 0) {
    Line last = begun(loop);
    add(last << ": ... and " << left << " more");
  }
  return text;
}

void Census::ask() noexcept {
  if (!awaited_.exchange(true)) {
    loop_->post(*this);
  }
}

void Census::deliver() noexcept {
  awaited_.store(false);
  try {
    write_to_stderr(list(*loop_));
  } catch (...) {  // there is no memory to tell it with
  }
}

}  // namespace flux::event
