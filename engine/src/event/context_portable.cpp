#if defined(FLUX_PORTABLE_CONTEXT) || !(defined(__x86_64__) || defined(__aarch64__))

#include <ucontext.h>

#include <cstdint>
#include <new>

#include "context.hpp"

namespace flux::event {

namespace {

// `makecontext` passes on `int`s only: a pointer goes as two of them.
void start(unsigned entry_high, unsigned entry_low, unsigned argument_high, unsigned argument_low) {
  const auto joined = [](unsigned high, unsigned low) {
    return static_cast<std::uintptr_t>(std::uint64_t{high} << 32 | low);
  };
  reinterpret_cast<Entry>(joined(entry_high, entry_low))(
      reinterpret_cast<void*>(joined(argument_high, argument_low)));
}

}  // namespace

// The record stands at the top of the stack that it describes.
Context make_context(void* top, std::size_t size, Entry entry, void* argument) noexcept {
  const auto place = (reinterpret_cast<std::uintptr_t>(top) - sizeof(ucontext_t)) &
                     ~std::uintptr_t{alignof(ucontext_t) - 1};
  auto* const context = new (reinterpret_cast<void*>(place)) ucontext_t;
  getcontext(context);
  context->uc_stack.ss_sp = static_cast<char*>(top) - size;
  context->uc_stack.ss_size = place - reinterpret_cast<std::uintptr_t>(context->uc_stack.ss_sp);
  context->uc_link = nullptr;
  const auto whole = reinterpret_cast<std::uint64_t>(entry);
  const auto given = reinterpret_cast<std::uint64_t>(argument);
  makecontext(context, reinterpret_cast<void (*)()>(start), 4, static_cast<unsigned>(whole >> 32),
              static_cast<unsigned>(whole), static_cast<unsigned>(given >> 32),
              static_cast<unsigned>(given));
  return context;
}

// The record of a context that leaves stands on its own stack, as long as it is away.
extern "C" void flux_switch_context(Context* from, Context to) noexcept {
  ucontext_t left;
  *from = &left;
  swapcontext(&left, static_cast<ucontext_t*>(to));
}

}  // namespace flux::event

#endif
