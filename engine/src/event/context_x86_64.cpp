#if defined(__x86_64__) && !defined(FLUX_PORTABLE_CONTEXT)

#include <array>
#include <cstdint>
#include <cstring>

#include "context.hpp"

// Saved: rbp, rbx, r12 to r15, and the control words of both floating-point units (System V ABI,
// 3.2.3). It comes back by a jump: a return would be predicted to go where the switch came from.
asm(R"(
.text
.p2align 4
.globl flux_switch_context
.hidden flux_switch_context
.type flux_switch_context, @function
flux_switch_context:
  .cfi_startproc
  endbr64
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  subq $8, %rsp
  stmxcsr (%rsp)
  fnstcw 4(%rsp)
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  ldmxcsr (%rsp)
  fldcw 4(%rsp)
  addq $8, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  popq %rcx
  jmp *%rcx
  .cfi_endproc
.size flux_switch_context, .-flux_switch_context

.p2align 4
.globl flux_start_context
.hidden flux_start_context
.type flux_start_context, @function
flux_start_context:
  .cfi_startproc
  .cfi_undefined rip
  endbr64
  movq %r12, %rdi
  call *%rbx
  ud2
  .cfi_endproc
.size flux_start_context, .-flux_start_context
)");

extern "C" void flux_start_context() noexcept;

namespace flux::event {

// The stack as `flux_switch_context` leaves it: control words, r15, r14, r13, r12, rbx, rbp, the
// address to go to. There the stack is as before a call: a multiple of 16.
Context make_context(void* top, std::size_t, Entry entry, void* argument) noexcept {
  constexpr std::uint64_t control_words = 0x037f'0000'1f80;  // as a process begins with
  const std::array<std::uint64_t, 8> saved{control_words,
                                           0,
                                           0,
                                           0,
                                           reinterpret_cast<std::uint64_t>(argument),
                                           reinterpret_cast<std::uint64_t>(entry),
                                           0,
                                           reinterpret_cast<std::uint64_t>(flux_start_context)};
  const auto aligned = reinterpret_cast<std::uintptr_t>(top) & ~std::uintptr_t{15};
  auto* const context = reinterpret_cast<char*>(aligned) - sizeof saved;
  std::memcpy(context, saved.data(), sizeof saved);
  return context;
}

}  // namespace flux::event

#endif
