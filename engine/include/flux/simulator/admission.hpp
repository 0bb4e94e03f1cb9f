// Where flows come from and go to: sources, places, threads.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <flux/simulator/constraints.hpp>
#include <vector>

namespace flux::simulator {

// More flows are inside than were allowed.
struct Saturated {};

template <class Program>
class Admission : protected Constraints<Program> {
 protected:
  using Base = Constraints<Program>;
  using Base::features, Base::flows, Base::input, Base::now, Base::random;

  explicit Admission(const Input& its_input) : Base{its_input}, free{input.threads} {
    doors_.resize(features.turns ? Program::sources.size() * input.processors : 0);
    for (std::uint32_t source = 0; source < input.arrivals.size(); ++source) {
      const Arrivals& arrivals = input.arrivals[source];
      const std::uint64_t number = arrivals.kind == Arrivals::Kind::closed ? arrivals.size : 1;
      for (std::uint64_t n = 0; n < number; ++n) {
        expect_next(source);
      }
    }
  }

  // Flows of a source arrive, and it is known when the next ones will.
  void arrive(std::uint32_t source) {
    const Arrivals& arrivals = input.arrivals[source];
    const bool is_closed = arrivals.kind == Arrivals::Kind::closed;
    if (!is_closed) {
      expect_next(source);
    }
    const std::uint64_t number = features.bursts && !is_closed ? arrivals.size : 1;
    for (std::uint64_t n = 0; n < number; ++n) {
      const FlowId id = make(source);
      features.turns ? come(id) : admit_to_place(id);
    }
  }

  // A source has a processor, and hands on who stands at its door.
  void take_turn(FlowId first) {
    const std::uint32_t home = flows[first].loop;
    LockQueue& door = door_of(flows[first]);
    while (!door.empty()) {
      const FlowId id = door.pop(flows);
      flows[id].stage = first_stage;
      if (id != first) {
        this->use_of(flows[id]).waiting += now - flows[id].arrived;
      }
      if (!spreads(flows[id].source)) {
        give_loop(flows[id]);
      }
      admit_to_place(id);
    }
    this->release(home);
  }

  void end(FlowId id) {
    const std::uint32_t source = flows[id].source;
    inside += now;
    --population;
    think(source);
    give_thread(id);
    give_place();
    flows.end(id);
  }

  std::uint64_t arrived = 0;
  std::uint64_t dropped = 0;
  std::uint64_t population = 0;
  std::uint64_t free = 0;  // threads
  double inside = 0.0;
  double thread_time = 0.0;
  double outside_time = 0.0;
  double queued_time = 0.0;
  FlowQueue outside{};
  FlowQueue pending{};  // for a thread

 private:
  static constexpr Stage first_stage = features.overhead ? Stage::overhead : Stage::step;

  void expect_next(std::uint32_t source) {
    const Arrivals& arrivals = input.arrivals[source];
    double between = 0.0;
    if (arrivals.kind == Arrivals::Kind::recorded) {
      std::size_t& place = recorded_[source];
      between = arrivals.recorded[place];
      place = place + 1 == arrivals.recorded.size() ? 0 : place + 1;
    } else {
      between = arrivals.time.draw(random);
    }
    this->expect(now + between, Event::Kind::source, source);
  }

  // A client does so between its flows.
  void think(std::uint32_t source) {
    if (features.closed && input.arrivals[source].kind == Arrivals::Kind::closed) {
      expect_next(source);
    }
  }

  FlowId make(std::uint32_t source) {
    const FlowId id = flows.make();
    Flow& flow = flows[id];
    flow.arrived = now;
    flow.step = Program::routes[choose_route(source)];
    flow.stage = first_stage;
    flow.source = source;
    flow.fresh = true;
    flow.outside = false;
    if constexpr (!features.turns) {
      give_loop(flow);
    } else if constexpr (features.loops) {
      flow.loop = spreads(source) ? static_cast<std::uint32_t>(random.uniform() * input.processors)
                                  : source % input.processors;
    }
    if constexpr (features.sessions) {
      flow.session = static_cast<std::uint32_t>(random.uniform() * input.sessions);
    }
    ++arrived;
    ++population;
    inside -= now;
    if (population > input.most) [[unlikely]] {
      throw Saturated{};
    }
    return id;
  }

  void give_loop(Flow& flow) noexcept {
    if constexpr (features.loops) {
      flow.loop = loop_;
      loop_ = loop_ + 1 == input.processors ? 0 : loop_ + 1;
    }
  }

  static constexpr bool spreads(std::uint32_t source) noexcept {
    return features.spread && Program::sources[source].spreads;
  }

  LockQueue& door_of(const Flow& flow) noexcept {
    return doors_[flow.source * std::size_t{input.processors} + flow.loop];
  }

  // The first at the door of a source stands in for it: it queues for the source's processor.
  void come(FlowId id) {
    Flow& flow = flows[id];
    LockQueue& door = door_of(flow);
    const bool is_first = door.empty();
    door.push(flows, id);
    if (is_first) {
      flow.stage = Stage::turn;
      this->request(id);
    }
  }

  std::size_t choose_route(std::uint32_t source) noexcept {
    const auto [first, number, _] = Program::sources[source];
    return number == 1 ? first
                       : first + choose(input.arrivals[source].totals.data(), number, random);
  }

  void admit_to_place(FlowId id) {
    if constexpr (features.places) {
      if (active_ == input.places) {
        turn_away(id);
        return;
      }
      ++active_;
    }
    admit(id);
  }

  void turn_away(FlowId id) {
    if constexpr (features.drops) {
      ++dropped;
      --population;
      inside += now;
      think(flows[id].source);
      flows.end(id);
    } else {
      outside_time -= now;
      outside.push(flows, id);
    }
  }

  // A thread, then a processor.
  void admit(FlowId id) {
    if constexpr (features.threads) {
      if (free == 0) {
        queued_time -= now;
        pending.push(flows, id);
        return;
      }
      --free;
      thread_time -= now;
    }
    this->request(id);
  }

  void give_thread(FlowId id) {
    if (!features.threads || pending.empty()) {
      if constexpr (features.threads) {
        ++free;
        thread_time += now;
      }
      this->give_back(id);
      return;
    }
    const FlowId next = pending.pop(flows);
    queued_time += now;
    if constexpr (features.inherits()) {
      this->inherit_gil(id, next);
      this->go_on_first(next);
    } else {
      this->give_back(id);
      this->request(next);
    }
  }

  void give_place() {
    if constexpr (features.places) {
      if (outside.empty()) {
        --active_;
        return;
      }
      outside_time += now;
      admit(outside.pop(flows));
    }
  }

  std::uint64_t active_ = 0;
  std::uint32_t loop_ = 0;
  std::vector<LockQueue> doors_{};  // of each source at each processor
  std::array<std::size_t, Program::sources.size()> recorded_{};
};

}  // namespace flux::simulator
