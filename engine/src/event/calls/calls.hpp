// The functions of libc that this engine defines in libc's place.
//
// A program that is linked with the engine's library defines them, and the dynamic linker finds a
// program's definitions before libc's, for shared libraries, too. Outside of fibers each is the
// plain call. What is not here needs nothing: `shutdown`, `setsockopt` and `ioctl` (what they set
// is asked of the kernel when it matters), `pwrite` and `pwritev` (files are written in place: to
// memory, which the kernel writes to the disk later).
//
// Linkers take from a static library only what somebody refers to, and of a program's functions
// show to shared libraries only those that one which they see refers to, or defines: libc defines
// all of these, so each is shown, even to a library that is loaded later. That takes no flag, but
// --exclude-libs would hide them.

#pragma once

namespace flux::event {

// Have all of them linked into the program, though only shared libraries may call them.
void link_calls() noexcept;

}  // namespace flux::event
