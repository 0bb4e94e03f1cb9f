// The values of `flux::Local` variables that one fiber or thread has.

#pragma once

#include <flux/local.hpp>
#include <vector>

namespace flux::event {

class Locals {
 public:
  Locals() = default;
  Locals(const Locals&) = delete;
  Locals& operator=(const Locals&) = delete;
  ~Locals();

  void* value(const void* key, detail::LocalValue (*make)());

 private:
  struct Entry {
    const void* key;
    detail::LocalValue value;
  };

  std::vector<Entry> entries_{};  // few: to look through them is faster than a table
};

}  // namespace flux::event
