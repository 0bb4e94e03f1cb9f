#include "endings.hpp"

#include <stdexcept>
#include <utility>

namespace flux {

namespace {

Outcome outcome_of(const Flow& flow, Way end) noexcept {
  if (end == succeeded) {
    return Outcome::finished;
  }
  return end == ended && !flow.handler_has_failed() ? Outcome::handled : Outcome::failed;
}

}  // namespace

Outcome Endings::carry(std::unique_ptr<Task> task) {
  const auto own = std::move(task);
  if (Meter* const meter = own->flow.meter()) [[unlikely]] {
    meter->taken_up();
  }
  return judge(*own, attempt(*own, &Task::run));
}

Outcome Endings::judge(Task& task, Way end) noexcept {
  const Outcome outcome = outcome_of(task.flow, end);
  const bool is_watched = observer_ != nullptr || task.flow.meter() != nullptr;
  if (outcome != Outcome::failed && !is_watched) {
    return outcome;
  }
  const auto path = task.source.path(task.flow, end);
  if (outcome == Outcome::failed) {
    report(task, path);
  }
  tell(task, outcome, path);
  return outcome;
}

// A node may end its thread, which then passes through here.
Way Endings::attempt(Task& task, Way (Task::*part)()) {
  try {
    return (task.*part)();
  } catch (...) {
    if (is_forced_unwind()) {
      tell(task, Outcome::failed, std::nullopt);
      throw;
    }
    return task.flow.stray();
  }
}

void Endings::report(const Task& task, std::optional<std::uint64_t> path) noexcept {
  try {
    reports_.failure(place(task, path), task.flow.error());
  } catch (...) {  // there is no memory to complain with
  }
}

// The nodes on the way to a failure; where that isn't known, the one that failed.
std::string Endings::place(const Task& task, std::optional<std::uint64_t> path) const {
  try {
    std::string name = path ? paths_.name(task.source.name, *path) : "";
    if (!name.empty()) {
      return name;
    }
  } catch (const std::out_of_range&) {  // a wrong number is no reason to keep silent
  }
  const std::string node = task.flow.error().node;
  return node.empty() ? std::string{task.source.name} + " => " + task.source.target
                      : node + " fails";
}

// What goes wrong there is no matter of the flow.
void Endings::tell(Task& task, Outcome outcome, std::optional<std::uint64_t> path) noexcept {
  if (Meter* const meter = task.flow.take_meter()) {
    profiler_.end(*meter, path, outcome);
  }
  if (observer_ == nullptr) {
    return;
  }
  try {
    observer_->flow_ended(task.flow, task.source, outcome, path);
  } catch (...) {
    reports_.exception("the observer");
  }
}

}  // namespace flux
