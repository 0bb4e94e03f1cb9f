// What a run is made of, whatever its model: chance, time, events, flows, and who goes on next.
//
// A run is one object in layers, each of which knows those before it: `State`, `Processors`,
// `PythonLock`, `Constraints`, `Arrivals`, `Simulation`. `Program` is generated; what it doesn't
// make use of costs nothing.
//
// A flow goes on until it has to wait. Then the first of the agenda goes on, which are the flows
// that got at this instant what they waited for; then comes the next event.

#pragma once

#include <array>
#include <cstdint>
#include <flux/simulator/counts.hpp>
#include <flux/simulator/events.hpp>
#include <flux/simulator/flows.hpp>
#include <flux/simulator/input.hpp>
#include <flux/simulator/program.hpp>
#include <flux/simulator/random.hpp>

namespace flux::simulator {

template <class Program>
class State {
 protected:
  static constexpr Features features = Program::features;

  explicit State(const Input& its_input) noexcept : input{its_input}, random{input.seed} {}

  const Step& step_of(const Flow& flow) const noexcept { return Program::steps[flow.step]; }

  // Whose waiting for a processor it is: the function's that the flow runs next, or the same one's
  // beyond, before the first step; nobody's in the queue of a constraint.
  std::uint32_t user_of(const Flow& flow) const noexcept {
    switch (flow.stage) {
      case Stage::again:
        return Program::functions.size();
      case Stage::after_io:
      case Stage::free_time:
      case Stage::processor_time:
        return step_of(flow).index;
      default:
        return step_of(flow).user;
    }
  }

  FunctionUse& use_of(const Flow& flow) noexcept { return functions[user_of(flow)]; }

  void expect(double time, Event::Kind kind, std::uint32_t index) {
    events.push(Event{time, ++order, kind, index});
  }

  // A flow goes on then.
  void expect(double time, FlowId id) {
    expect(time, Event::Kind::flow, id);
    if constexpr (features.gil) {
      flows[id].due = order;
    }
  }

  void go_on(FlowId id) noexcept { agenda.push(flows, id); }

  // Before those who got at this instant what they waited for.
  void go_on_first(FlowId id) noexcept { agenda.push_first(flows, id); }

  const Input& input;
  Random random;
  EventList events{};
  Flows flows{};
  FlowQueue agenda{};
  double now = 0.0;
  std::uint64_t order = 0;
  // And one that is none; then the same again, for flows that begin with them.
  std::array<FunctionUse, 2 * (Program::functions.size() + 1)> functions{};
  std::array<ConstraintUse, Program::constraints.size()> constraints{};
};

}  // namespace flux::simulator
