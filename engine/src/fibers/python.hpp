// What is asked of the Python interpreter, by names that it exports to everybody.
//
// They are found when they are first needed, for the interpreter may be loaded late; all but
// `exists` need its lock.

#pragma once

#include <cstddef>
#include <string>

namespace flux::fibers {

class Python {
 public:
  // That of this process; null if there is none, or it hasn't begun, or is over.
  static const Python* running() noexcept;

  // The interpreter's lock, for a thread that it hasn't made: what `take` gives is given back. When
  // the interpreter ends, it ends who asks, by unwinding its stack: nothing here is `noexcept`.
  int take() const { return take_(); }
  void give_back(int state) const { give_back_(state); }

  // Run a text that sets the variable `told`; what that is then, or nothing if it fails.
  std::string ask(const std::string& text) const;

 private:
  struct Object;

  bool find() noexcept;

  int (*exists_)() = nullptr;
  int (*take_)() = nullptr;
  void (*give_back_)(int) = nullptr;
  Object* (*new_dictionary_)() = nullptr;
  Object* (*run_)(const char*, int, Object*, Object*) = nullptr;
  Object* (*item_)(Object*, const char*) = nullptr;
  const char* (*text_of_)(Object*) = nullptr;
  void (*let_go_)(Object*) = nullptr;
  void (*forget_error_)() = nullptr;
  bool answers_ = false;
};

}  // namespace flux::fibers
