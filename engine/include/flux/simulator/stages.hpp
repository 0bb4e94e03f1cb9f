// What a function's call goes through: input and output, time without Python's lock, time with it;
// and the overhead of a flow, before its first one.

#pragma once

#include <cstdint>
#include <flux/simulator/admission.hpp>

namespace flux::simulator {

template <class Program>
class Stages : protected Admission<Program> {
 protected:
  using Base = Admission<Program>;
  using Base::features, Base::flows, Base::functions, Base::input, Base::now, Base::random;

  explicit Stages(const Input& its_input) : Base{its_input} {}

  // A function is called: all that it needs is drawn at once.
  bool call(FlowId id, std::uint32_t number) {
    Flow& flow = flows[id];
    FunctionUse& use = functions[number];
    const bool has_io = features.io && Program::functions[number].io;
    const double io = has_io ? input.io[number].draw(random) : 0.0;
    const double cpu = input.cpu[number].draw(random);
    ++use.calls;
    use.cpu += cpu;
    if constexpr (!features.staged()) {
      ++flow.step;
      this->stretch(id, cpu, number);
      return false;
    }
    flow.cpu = cpu;
    return has_io && io > 0.0 ? wait_for_io(id, use, io) : queue_anew(id, number);
  }

  // The stage of a step that comes next; whether the flow goes on.
  bool advance_stage(FlowId id, const Step& step) {
    switch (flows[id].stage) {
      case Stage::overhead:
        return begin(id, step);
      case Stage::free_overhead:
        compute_freely(id, input.overhead_released, Stage::locked_overhead, step.user);
        return false;
      case Stage::locked_overhead:
        return compute_outside(id, step);
      case Stage::after_io:
        flows[id].stage = first_stage(step.index);
        this->request(id);
        return false;
      case Stage::free_time:
        compute_freely(id, input.released[step.index], Stage::processor_time, step.index);
        return false;
      case Stage::processor_time:
        return compute(id, step.index);
      case Stage::turn:
        this->take_turn(id);
        return false;
      default:
        return this->take_again(id, step.index, step.kind == Step::Kind::read);
    }
  }

 private:
  bool wait_for_io(FlowId id, FunctionUse& use, double io) {
    use.io += io;
    flows[id].stage = Stage::after_io;
    this->expect(now + io, id);
    this->give_back(id);
    return false;
  }

  static constexpr Stage first_stage(std::uint32_t number) noexcept {
    return features.split && Program::functions[number].split ? Stage::free_time
                                                              : Stage::processor_time;
  }

  bool queue_anew(FlowId id, std::uint32_t number) {
    Flow& flow = flows[id];
    flow.stage = first_stage(number);
    if (!features.fifo || flow.fresh || !this->is_awaited(flow)) {
      return true;
    }
    this->give_gil_of(id);
    this->requeue(id);
    return false;
  }

  // The part that doesn't need Python's lock.
  void compute_freely(FlowId id, double part, Stage rest, std::uint32_t user) {
    this->give_gil_of(id);
    Flow& flow = flows[id];
    const double time = flow.cpu * part;
    flow.cpu -= time;
    flow.stage = rest;
    flow.fresh = false;
    this->stretch(id, time, user);
  }

  // A flow has its first processor, and spends its overhead.
  bool begin(FlowId id, const Step& step) {
    const double time = input.overhead.draw(random);
    if constexpr (features.locked_overhead) {
      flows[id].cpu = time;
      flows[id].stage = features.split_overhead ? Stage::free_overhead : Stage::locked_overhead;
      return true;
    }
    this->give_gil_of(id);
    flows[id].stage = Stage::step;
    this->stretch(id, time, step.user);
    return false;
  }

  bool compute_outside(FlowId id, const Step& step) {
    if (!this->take_gil(id, true)) {
      return false;
    }
    Flow& flow = flows[id];
    flow.outside = true;
    flow.stage = Stage::step;
    flow.fresh = false;
    this->stretch(id, flow.cpu, step.user);
    return false;
  }

  bool compute(FlowId id, std::uint32_t number) {
    if (features.gil && !this->take_gil(id, Program::functions[number].gil)) {
      return false;
    }
    Flow& flow = flows[id];
    flow.outside = false;
    flow.stage = Stage::step;
    ++flow.step;
    flow.fresh = false;
    this->stretch(id, flow.cpu, number);
    return false;
  }
};

}  // namespace flux::simulator
