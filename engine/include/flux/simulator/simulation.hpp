// The run itself: flows walk from step to step, parts of the run end, results are printed.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <flux/simulator/stages.hpp>
#include <utility>
#include <vector>

namespace flux::simulator {

// Nothing will ever happen again.
struct Stalled {};

template <class Program>
class Simulation : private Stages<Program> {
 public:
  explicit Simulation(const Input& its_input) : Base{its_input} {}

  void run() {
    run_part(input.warmup);
    restart();
    std::uint64_t done = 0;
    for (std::uint64_t part = 1; part <= parts; ++part) {
      const std::uint64_t goal = input.flows * part / parts;
      if (goal != done) {
        run_part(goal - done);
        end_part(goal - done);
      }
      done = goal;
    }
  }

  // All of the result, as JSON.
  void print() {
    for (const auto& [total, level] : levels()) {
      *total += level * now;
    }
    for (ConstraintUse& each : constraints) {
      each.finish(now);
    }
    for (std::size_t each = 0; each < Program::functions.size(); ++each) {
      functions[each].beginning = functions[Program::functions.size() + 1 + each].waiting;
    }
    const Totals totals{now - start_,       this->arrived,     this->dropped,
                        this->busy,         this->gil_time,    this->thread_time,
                        this->outside_time, this->queued_time, this->inside};
    flux::simulator::print(totals, {functions.data(), Program::functions.size()},
                           {constraints.data(), constraints.size()},
                           {routes_.data(), routes_.size()}, {batches_.data(), batches_.size()});
  }

  void print_saturated() const {
    std::array<std::uint64_t, 7 + Program::constraints.size()> waiting{
        this->population,     this->ready(),        this->sharing(),
        this->pending.size(), this->outside.size(), this->gil_queue().size(),
        events.size()};
    for (std::size_t each = 0; each < constraints.size(); ++each) {
      waiting[7 + each] = constraints[each].waiters;
    }
    flux::simulator::print_saturated({waiting.data(), waiting.size()});
  }

 private:
  using Base = Stages<Program>;
  using Base::agenda, Base::constraints, Base::events, Base::features, Base::flows;
  using Base::functions, Base::input, Base::now;

  static constexpr std::uint64_t parts = 20;

  void run_part(std::uint64_t goal) {
    left_ = goal;
    while (left_ != 0) {
      const FlowId id = next();
      if (id != nobody) {
        walk(id);
      }
    }
  }

  void end_part(std::uint64_t ended) {
    double total = 0.0;
    for (Latencies& each : routes_) {
      total += each.end_part();
    }
    batches_.push_back(total / static_cast<double>(ended));
  }

  // Who goes on; nobody does so at some events.
  FlowId next() {
    if (!agenda.empty()) {
      return agenda.pop(flows);
    }
    if (events.empty()) [[unlikely]] {
      throw Stalled{};
    }
    const Event event = events.pop();
    now = event.time;
    if (event.kind == Event::Kind::flow) {
      return features.gil && flows[event.index].due != event.order ? nobody : event.index;
    }
    if (event.kind == Event::Kind::source) {
      this->arrive(event.index);
      return nobody;
    }
    return next_of_rare(event);
  }

  FlowId next_of_rare(const Event& event) {
    if constexpr (features.ps) {
      if (event.kind == Event::Kind::share) {
        return this->share_out(event.index, event.order);
      }
    }
    if constexpr (features.gil) {
      this->slice(event.order);
    }
    return nobody;
  }

  void walk(FlowId id) {
    while (advance(id)) {
    }
  }

  // One step, or a stage of it; whether the flow goes on.
  bool advance(FlowId id) {
    const Step& step = this->step_of(flows[id]);
    if (flows[id].stage != Stage::step) [[unlikely]] {
      return this->advance_stage(id, step);
    }
    switch (step.kind) {
      case Step::Kind::run:
        return this->call(id, step.index);
      case Step::Kind::write:
        return this->take(id, step.index, false);
      case Step::Kind::read:
        return this->take(id, step.index, true);
      case Step::Kind::written:
        this->give(id, step.index, false);
        return true;
      case Step::Kind::has_read:
        this->give(id, step.index, true);
        return true;
      default:
        end(id, step.index);
        return false;
    }
  }

  void end(FlowId id, std::uint32_t route) {
    routes_[route].add(now - flows[id].arrived);
    --left_;
    Base::end(id);
  }

  // What was until now doesn't count.
  void restart() {
    start_ = now;
    routes_.assign(routes_.size(), Latencies{});
    functions.fill(FunctionUse{});
    for (ConstraintUse& each : constraints) {
      each.restart(now);
    }
    this->arrived = this->dropped = 0;
    for (const auto& [total, level] : levels()) {
      *total = -level * now;
    }
  }

  // The integrals over time, and what each is the integral of.
  auto levels() noexcept {
    using Level = std::pair<double*, double>;
    return std::array{
        Level{&this->inside, static_cast<double>(this->population)},
        Level{&this->busy, this->used()},
        Level{&this->gil_time, this->is_owned() ? 1.0 : 0.0},
        Level{&this->thread_time, static_cast<double>(input.threads - this->free)},
        Level{&this->outside_time, static_cast<double>(this->outside.size())},
        Level{&this->queued_time, static_cast<double>(this->pending.size())},
    };
  }

  std::uint64_t left_ = 0;
  double start_ = 0.0;
  std::vector<Latencies> routes_ = std::vector<Latencies>(Program::routes.size());
  std::vector<double> batches_{};
};

}  // namespace flux::simulator
