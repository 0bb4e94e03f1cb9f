// The engine as the programs on stage see it: `flux::source` makes sources that tell where turns
// and flows begin. A program under `namespace flux = watched::flux;` finds this one.
#pragma once

#include <flux/program.hpp>
#include <memory>
#include <tuple>

#include "stage.hpp"

namespace watched::flux {

using namespace ::flux;

// Beside what the engine's own tasks do, this one tells.
template <class Run, class... Outputs>
class WatchedTask final : public Task {
 public:
  using Turn = Way(Flow&, Outputs*...);

  WatchedTask(const Source& from, Observer* observer, Turn& turn, Run& run)
      : Task{from, observer}, turn_{turn}, run_{run} {}

  Way turn() override {
    stage::turn_begins(flow, source.name);
    return std::apply([this](Outputs&... each) { return turn_(flow, &each...); }, outputs_);
  }

  Way run() override {
    stage::flow_begins(flow);
    outputs_t<Run, 1 + sizeof...(Outputs)> unread{};
    return std::apply(
        [&](auto&... outputs) {
          return std::apply(
              [&](Outputs&... values) { return run_(flow, std::move(values)..., &outputs...); },
              outputs_);
        },
        unread);
  }

 private:
  Turn& turn_;
  Run& run_;
  std::tuple<Outputs...> outputs_{};
};

template <class Run, class... Outputs>
Source source(const char* name, const char* target, Way (*turn)(Flow&, Outputs*...), Run& run,
              Ways turn_ways, Ways flow_ways) {
  Source watched = ::flux::source(name, target, turn, run, turn_ways, flow_ways);
  watched.new_task = [turn, &run](const Source& from, Observer* observer) {
    return std::make_unique<WatchedTask<Run, Outputs...>>(from, observer, *turn, run);
  };
  return watched;
}

}  // namespace watched::flux
