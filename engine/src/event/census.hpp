// All that a loop carries, listed on stderr: what SIGUSR1 asks for.

#pragma once

#include <atomic>
#include <string>

#include "inbox.hpp"

namespace flux::event {

class Loop;

// How many lines a loop writes at most, its first and its last aside.
inline constexpr std::size_t most_listed = 1000;

// The list, each line with its end; on the loop's thread.
std::string list(const Loop& loop);

// Asks a loop for its list; lives longer than the loop.
class Census final : public Post {
 public:
  explicit Census(Loop* loop) noexcept : loop_{loop} {}

  // Ask, unless the loop has been asked and hasn't answered; from any thread, or a handler of
  // signals.
  void ask() noexcept;

  // Whether the answer is still to come.
  bool is_awaited() const noexcept { return awaited_.load(std::memory_order_relaxed); }

 private:
  void deliver() noexcept override;

  Loop* loop_;
  std::atomic<bool> awaited_{false};
};

}  // namespace flux::event
