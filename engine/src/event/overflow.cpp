#include "overflow.hpp"

#include "line.hpp"
#include "loop.hpp"
#include "whereabouts.hpp"

namespace flux::event {

namespace {

constexpr std::size_t size = 64 * 1024;

}  // namespace

AlternateStack::AlternateStack() : memory_{std::make_unique_for_overwrite<char[]>(size)} {
  stack_t own{};
  own.ss_sp = memory_.get();
  own.ss_size = size;
  sigaltstack(&own, &before_);
}

AlternateStack::~AlternateStack() { sigaltstack(&before_, nullptr); }

bool tell_overflow(const void* address) noexcept {
  const Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr || !fiber->stack.overflows_at(address)) {
    return false;
  }
  Line line;
  line << "flux: the stack of a flow has overflowed in ";
  tell_place(line, *fiber);
  line << ": " << fiber->stack.size / 1024 << " KiB were too few; start with a larger --stack";
  line.write();
  return true;
}

void tell_deepest_use(const Loop& loop) noexcept {
  const Stacks& stacks = loop.stacks();
  if (stacks.deepest_use() > 0) {
    Line line;
    line << "flux: the flows of loop " << loop.number() << " used up to "
         << (stacks.deepest_use() + 1023) / 1024 << " of " << stacks.size() / 1024
         << " KiB of stack";
    line.write();
  }
}

}  // namespace flux::event
