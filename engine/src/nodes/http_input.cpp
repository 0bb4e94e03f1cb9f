#include "http_input.hpp"

#include <algorithm>
#include <cstring>

namespace flux::nodes::http {

namespace {

constexpr std::size_t usual_capacity = 4096;  // more than most requests need

}  // namespace

std::span<char> Input::prepare(std::size_t size) {
  if (capacity_ - end_ < size) {
    const std::size_t needed = kept().size() + unread().size() + size;
    if (needed <= capacity_) {
      move_to(data_.get());
    } else {
      const std::size_t capacity = std::max({needed, 2 * capacity_, usual_capacity});
      std::unique_ptr<char[]> larger(new char[capacity]);
      move_to(larger.get());
      data_ = std::move(larger);
      capacity_ = capacity;
    }
  }
  return {data_.get() + end_, capacity_ - end_};
}

std::string_view Input::line() noexcept {
  const char* const from = data_.get() + searched_;
  const void* const found = searched_ < end_ ? std::memchr(from, '\n', end_ - searched_) : nullptr;
  if (found == nullptr) {
    searched_ = end_;
    return {};
  }
  const char* const line = data_.get() + next_;
  return {line, static_cast<std::size_t>(static_cast<const char*>(found) - line) + 1};
}

void Input::keep(std::size_t size) noexcept {
  if (kept_ != next_) std::memmove(data_.get() + kept_, data_.get() + next_, size);
  kept_ += size;
  drop(size);
}

void Input::drop(std::size_t size) noexcept {
  next_ += size;
  searched_ = next_;
}

void Input::start() noexcept {
  if (next_ == end_) next_ = end_ = 0;
  begin_ = kept_ = searched_ = next_;
}

void Input::release() noexcept {
  if (end_ != next_ || capacity_ <= usual_capacity) return;
  data_.reset();
  capacity_ = begin_ = kept_ = next_ = searched_ = end_ = 0;
}

// Moves what is kept, and what is unread behind it.
void Input::move_to(char* start) noexcept {
  const std::string_view kept = this->kept();
  const std::string_view unread = this->unread();
  if (!kept.empty() && kept.data() != start) std::memmove(start, kept.data(), kept.size());
  if (!unread.empty()) std::memmove(start + kept.size(), unread.data(), unread.size());
  searched_ = kept.size() + (searched_ - next_);
  begin_ = 0;
  kept_ = next_ = kept.size();
  end_ = kept_ + unread.size();
}

}  // namespace flux::nodes::http
