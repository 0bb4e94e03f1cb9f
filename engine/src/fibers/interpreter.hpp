// The Python interpreter of this process: the object that it is in, and that object's
// thread-locals.
//
// That object is a shared libpython, or the program itself. Nothing in it is changed, and nothing
// of its insides is known but that it defines PyThread_start_new_thread.

#pragma once

#include <cstddef>
#include <memory>

namespace flux::fibers {

class Interpreter {
 public:
  // Whether this is an address in its code; false, too, if there is no interpreter.
  static bool contains(const void* address) noexcept;

  // The thread-locals of a thread that begins. Throws std::bad_alloc.
  static std::unique_ptr<std::byte[]> new_locals();

  // Let the calling thread have these; and put away what it has.
  static void swap_in(const std::byte* locals) noexcept;
  static void swap_out(std::byte* locals) noexcept;
};

}  // namespace flux::fibers
