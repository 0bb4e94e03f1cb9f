// `pthread_exit` ends what calls it: on a fiber, the fiber.
//
// As libc does it, the stack is unwound with all destructors, by something that `catch (...)` sees,
// but must pass on, and that is no exception of C++. The end of a fiber's stack says that nobody
// called it; there the unwinder stops, and the fiber ends.

#include <unwind.h>

#include <cstdio>
#include <cstdlib>

#include "../locals.hpp"
#include "call.hpp"

namespace flux::event {

namespace {

// Whoever catches it and doesn't pass it on: in the words of libc.
void swallowed(_Unwind_Reason_Code, _Unwind_Exception*) {
  std::fputs("FATAL: exception not rethrown\n", stderr);
  std::abort();
}

_Unwind_Reason_Code end_at_end(int, _Unwind_Action actions, _Unwind_Exception_Class,
                               _Unwind_Exception* unwinding, _Unwind_Context*, void*) {
  if ((actions & _UA_END_OF_STACK) != 0) {
    delete unwinding;
    Loop::fiber()->locals.reset();
    Loop::current()->end();
  }
  return _URC_NO_REASON;
}

// What is thrown must not stand on the stack that is unwound.
[[noreturn]] void end_fiber() {
  auto* const unwinding = new _Unwind_Exception{};
  unwinding->exception_cleanup = swallowed;
  _Unwind_ForcedUnwind(unwinding, end_at_end, nullptr);
  std::abort();  // a function without tables for the unwinder is on the stack
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(ending)

FLUX_INTERCEPTED void pthread_exit(void* result) {
  if (const Fiber* const fiber = Loop::fiber()) {
    if (fiber->companion != nullptr) {
      fiber->companion->ends_with(result);
    }
    end_fiber();
  }
  real::pthread_exit(result);
  __builtin_unreachable();
}
