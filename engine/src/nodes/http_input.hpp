// The bytes of a connection: what is kept of the present request, then what is not read yet.
//
//   |  kept: head, then body so far  |  dropped  |  unread  |  room  |
//
// What is dropped, the sizes of chunks for example, leaves a gap, which is closed when room is
// needed. So offsets from the start of what is kept stay what they are, and pointers don't.

#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace flux::nodes::http {

class Input {
 public:
  std::span<char> prepare(std::size_t size);
  void commit(std::size_t size) noexcept { end_ += size; }

  std::string_view kept() const noexcept { return {data_.get() + begin_, kept_ - begin_}; }
  std::string_view unread() const noexcept { return {data_.get() + next_, end_ - next_}; }

  // The next line, its end included, or nothing until it is whole.
  std::string_view line() noexcept;

  // Read some bytes: they are added to what is kept, or forgotten.
  void keep(std::size_t size) noexcept;
  void drop(std::size_t size) noexcept;

  // Forget what was kept; what is unread comes next.
  void start() noexcept;

  // Give back what the largest requests needed, if nothing is unread.
  void release() noexcept;

 private:
  void move_to(char* start) noexcept;

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t kept_ = 0;
  std::size_t next_ = 0;
  std::size_t searched_ = 0;  // no line ends between `next_` and here
  std::size_t end_ = 0;
};

}  // namespace flux::nodes::http
