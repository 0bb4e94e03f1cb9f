// All workers of a server as their parent sees them: what it waits for, and tells to all.

#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "process.hpp"

namespace flux::workers {

class Crew {
 public:
  explicit Crew(std::size_t count);

  auto begin() noexcept { return processes_.begin(); }
  auto end() noexcept { return processes_.end(); }

  // Whether any runs, or is yet to start.
  bool is_at_work() const noexcept;

  // Whether any has ever served.
  bool has_served() const noexcept;

  // When the next is to start, or to be late with it.
  Clock::time_point next_due() const noexcept;

  std::vector<int> lines() const;

  void send(int signal) const noexcept;

  // Start no more, and wait for no start.
  void let_be() noexcept;

 private:
  std::deque<Process> processes_{};
};

}  // namespace flux::workers
