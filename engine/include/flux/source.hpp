// `source Listen => Image;`: a loop of turns, each of which starts a flow with what it gives.

#pragma once

#include <cstddef>
#include <cstdint>
#include <flux/flow.hpp>
#include <flux/observer.hpp>
#include <flux/outputs.hpp>
#include <flux/way.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace flux {

struct Source;
class Runtime;

// A flow as runtimes carry it: from the turn that starts it to its end, with the values that pass
// from the one to the other.
class Task {
 public:
  Task(const Source& from, Observer* observer) noexcept : flow{observer}, source{from} {}
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  virtual ~Task() = default;

  virtual Way turn() = 0;
  virtual Way run() = 0;

  Flow flow;
  const Source& source;
  Runtime* runtime = nullptr;    // that carries it, where it has to find that
  std::unique_ptr<Task> next{};  // in a queue
};

struct Source {
  const char* name;
  const char* target;
  std::function<std::unique_ptr<Task>(const Source&, Observer*)> new_task;
  Ways turn_ways;
  Ways flow_ways;

  // The number of the path that a flow or a failed turn took, among those of its source: the
  // succeeded ways of turn and flow come first, then the failed, then the ended ones. None if there
  // are too many paths to be numbered.
  std::optional<std::uint64_t> path(const Flow& flow, Way end) const noexcept;
};

// `Run` may have outputs of its own: nobody reads what comes out at the end of a flow.
template <class Run, class... Outputs>
class TaskWith final : public Task {
  static_assert((std::is_default_constructible_v<Outputs> && ...),
                "what a source gives needs a constructor without arguments");

 public:
  using Turn = Way(Flow&, Outputs*...);

  TaskWith(const Source& from, Observer* observer, Turn& turn, Run& run)
      : Task{from, observer}, turn_{turn}, run_{run} {}

  Way turn() override {
    return std::apply([this](Outputs&... each) { return turn_(flow, &each...); }, outputs_);
  }

  Way run() override {
    outputs_t<Run, 1 + sizeof...(Outputs)> unread{};
    return std::apply(
        [&](Outputs&... values) {
          return std::apply(
              [&](auto&... each) { return run_(flow, std::move(values)..., &each...); }, unread);
        },
        outputs_);
  }

 private:
  Turn& turn_;
  Run& run_;
  std::tuple<Outputs...> outputs_{};
};

template <class Run, class... Outputs>
Source source(const char* name, const char* target, Way (*turn)(Flow&, Outputs*...), Run& run,
              Ways turn_ways, Ways flow_ways) {
  return {name, target,
          [turn, &run](const Source& from, Observer* observer) -> std::unique_ptr<Task> {
            return std::make_unique<TaskWith<Run, Outputs...>>(from, observer, *turn, run);
          },
          turn_ways, flow_ways};
}

}  // namespace flux
