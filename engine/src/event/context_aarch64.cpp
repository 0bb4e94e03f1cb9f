#if defined(__aarch64__) && !defined(FLUX_PORTABLE_CONTEXT)

#include <array>
#include <cstdint>
#include <cstring>

#include "context.hpp"

// Saved: x19 to x30 and d8 to d15 (AAPCS64, 6.1), and the control word of the floating-point unit,
// which is a thread's own. Few change it, and setting it is slow: so it is set if it differs.
asm(R"(
.text
.p2align 4
.globl flux_switch_context
.hidden flux_switch_context
.type flux_switch_context, %function
flux_switch_context:
  .cfi_startproc
  sub sp, sp, #176
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mrs x10, fpcr
  str x10, [sp, #160]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldr x9, [sp, #160]
  cmp x9, x10
  b.eq 1f
  msr fpcr, x9
1:
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #176
  ret
  .cfi_endproc
.size flux_switch_context, .-flux_switch_context

.p2align 4
.globl flux_start_context
.hidden flux_start_context
.type flux_start_context, %function
flux_start_context:
  .cfi_startproc
  .cfi_undefined x30
  mov x0, x20
  blr x19
  brk #1
  .cfi_endproc
.size flux_start_context, .-flux_start_context
)");

extern "C" void flux_start_context() noexcept;

namespace flux::event {

// The stack as `flux_switch_context` leaves it; x19 is the entry, x20 its argument, x30 the address
// to go to. The control word is 0, as a process begins with.
Context make_context(void* top, std::size_t, Entry entry, void* argument) noexcept {
  std::array<std::uint64_t, 22> saved{};
  saved[0] = reinterpret_cast<std::uint64_t>(entry);
  saved[1] = reinterpret_cast<std::uint64_t>(argument);
  saved[11] = reinterpret_cast<std::uint64_t>(flux_start_context);
  const auto aligned = reinterpret_cast<std::uintptr_t>(top) & ~std::uintptr_t{15};
  auto* const context = reinterpret_cast<char*>(aligned) - sizeof saved;
  std::memcpy(context, saved.data(), sizeof saved);
  return context;
}

}  // namespace flux::event

#endif
