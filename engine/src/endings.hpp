// The one place where flows and turns end: judged, reported, and told to who listens.

#pragma once

#include <flux/observer.hpp>
#include <flux/paths.hpp>
#include <flux/source.hpp>
#include <memory>
#include <optional>
#include <string>

#include "profile/profiler.hpp"
#include "reports.hpp"

namespace flux {

class Endings {
 public:
  Endings(Reports& reports, const Paths& paths, profile::Profiler& profiler,
          Observer* observer) noexcept
      : reports_{reports}, paths_{paths}, profiler_{profiler}, observer_{observer} {}

  // Run a flow from its source's outputs to its end, and destroy it.
  Outcome carry(std::unique_ptr<Task> task);

  // Run a turn. One that doesn't succeed is to be judged, unless the source is over.
  Way turn(Task& task) { return attempt(task, &Task::turn); }

  Outcome judge(Task& task, Way end) noexcept;

  // Report the exception that is being caught.
  void complain(const char* place) noexcept { reports_.exception(place); }

 private:
  Way attempt(Task& task, Way (Task::*part)());
  void report(const Task& task, std::optional<std::uint64_t> path) noexcept;
  std::string place(const Task& task, std::optional<std::uint64_t> path) const;
  void tell(Task& task, Outcome outcome, std::optional<std::uint64_t> path) noexcept;

  Reports& reports_;
  const Paths& paths_;
  profile::Profiler& profiler_;
  Observer* observer_;
};

}  // namespace flux
