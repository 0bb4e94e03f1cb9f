#include "crew.hpp"

#include <algorithm>

namespace flux::workers {

Crew::Crew(std::size_t count) {
  for (std::size_t number = 0; number < count; ++number) {
    processes_.emplace_back(static_cast<int>(number));
  }
}

bool Crew::is_at_work() const noexcept {
  return std::ranges::any_of(processes_,
                             [](const Process& each) { return each.pid != 0 || each.due; });
}

bool Crew::has_served() const noexcept {
  return std::ranges::any_of(processes_, [](const Process& each) { return each.has_served; });
}

Clock::time_point Crew::next_due() const noexcept {
  auto next = never;
  for (const Process& each : processes_) {
    next = std::min({next, each.due.value_or(never), each.late});
  }
  return next;
}

std::vector<int> Crew::lines() const {
  std::vector<int> found;
  for (const Process& each : processes_) {
    if (each.line) found.push_back(each.line.get());
  }
  return found;
}

void Crew::send(int signal) const noexcept {
  for (const Process& each : processes_) each.send(signal);
}

void Crew::let_be() noexcept {
  for (Process& each : processes_) {
    each.due.reset();
    each.late = never;
  }
}

}  // namespace flux::workers
