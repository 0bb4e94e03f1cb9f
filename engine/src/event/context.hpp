// Switching stacks: the one thing about fibers that C++ can't say.
//
// A context that doesn't run is the place on its stack where its registers were saved: those that a
// function must preserve for its caller, and nothing else. The compiler has saved the others, for
// to the compiler a switch is an ordinary call. So a switch costs what some twenty instructions do.
//
// There are three of them, of which one is compiled: for x86-64 (System V ABI), for AArch64
// (AAPCS64), and on `ucontext`, which saves the mask of signals by a system call each time.

#pragma once

#include <cstddef>

namespace flux::event {

// Where a context that doesn't run is to be found.
using Context = void*;

// What a new context runs; it never returns.
using Entry = void (*)(void* argument);

// A context that will run `entry` on the stack that ends (grows down from) at `top`.
Context make_context(void* top, std::size_t size, Entry entry, void* argument) noexcept;

// Leave the running context, which is saved in `from`, for another; returns when someone comes
// back.
extern "C" void flux_switch_context(Context* from, Context to) noexcept;

}  // namespace flux::event
