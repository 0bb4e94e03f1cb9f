// Bytes that somebody else owns, of whatever type he keeps them in.

#pragma once

#include <cstddef>
#include <ranges>
#include <string_view>
#include <type_traits>

namespace flux::nodes {

template <class T>
concept Byte = std::same_as < std::remove_cv_t<T>,
char > || std::same_as<std::remove_cv_t<T>, unsigned char> ||
    std::same_as<std::remove_cv_t<T>, std::byte>;

// A piece of what is sent: text, or any contiguous range of bytes.
class Bytes {
 public:
  Bytes() noexcept = default;
  Bytes(const void* data, std::size_t size) noexcept : data_(data), size_(size) {}

  template <class Text>
  requires std::convertible_to<const Text&, std::string_view> Bytes(const Text& text)
  noexcept : Bytes(std::string_view(text).data(), length(text)) {}

  template <std::ranges::contiguous_range Range>
  requires std::ranges::sized_range<Range> && Byte<std::ranges::range_value_t<Range>> &&
      (!std::convertible_to<const Range&, std::string_view>)Bytes(const Range& range) noexcept
      : Bytes(std::ranges::data(range), std::ranges::size(range)) {}

  const void* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }

 private:
  static std::size_t length(std::string_view text) noexcept { return text.size(); }

  const void* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace flux::nodes
