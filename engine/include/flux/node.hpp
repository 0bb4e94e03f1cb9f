// The functions of a program, each with a place of its own that a flow can point to.

#pragma once

#include <atomic>
#include <cstdint>

namespace flux {

// A function of the implementation; the server that runs a program writes in the names, and the
// numbers from 1 on.
class Node {
 public:
  constexpr Node() noexcept = default;

  const char* name() const noexcept { return name_.load(std::memory_order_relaxed); }
  std::uint32_t number() const noexcept { return number_.load(std::memory_order_relaxed); }

  void call(const char* name, std::uint32_t number) noexcept {
    name_.store(name, std::memory_order_relaxed);
    number_.store(number, std::memory_order_relaxed);
  }

 private:
  std::atomic<const char*> name_{""};
  std::atomic<std::uint32_t> number_{0};
};

template <auto& Function>
inline constinit Node node{};

// What a program says of one of its functions.
struct NamedNode {
  Node* node;
  const char* name;
};

template <auto& Function>
NamedNode named(const char* name) noexcept {
  return {&node<Function>, name};
}

}  // namespace flux
