// Who has a processor, and who is next.

#pragma once

#include <cstddef>
#include <cstdint>
#include <flux/simulator/sharing.hpp>
#include <flux/simulator/state.hpp>
#include <vector>

namespace flux::simulator {

// Processors with one queue, or a loop, which is one processor with its own.
struct Group {
  std::uint32_t idle;
  FlowQueue ready{};
};

template <class Program>
class Processors : protected State<Program> {
 protected:
  using Base = State<Program>;
  using Base::agenda, Base::features, Base::flows, Base::functions, Base::input, Base::now;

  explicit Processors(const Input& its_input) : Base{its_input} {
    const std::uint32_t of_each = features.loops ? 1 : input.processors;
    const std::size_t number = features.loops ? input.processors : 1;
    groups_.assign(number, Group{of_each});
    sharings_.assign(features.ps ? number : 0, Sharing{static_cast<double>(of_each)});
  }

  // How many are in use.
  double used() const noexcept {
    double number = 0.0;
    for (const Sharing& each : sharings_) {
      number += each.used();
    }
    for (const Group& each : groups_) {
      number += features.ps ? 0.0 : (features.loops ? 1.0 : input.processors) - each.idle;
    }
    return number;
  }

  std::size_t ready() const noexcept {
    std::size_t number = 0;
    for (const Group& each : groups_) {
      number += each.ready.size();
    }
    return number;
  }

  std::size_t sharing() const noexcept {
    std::size_t number = 0;
    for (const Sharing& each : sharings_) {
      number += each.size();
    }
    return number;
  }

  // Let a flow have one, now or when its turn comes.
  void request(FlowId id) {
    Flow& flow = flows[id];
    if constexpr (features.ps) {
      if (features.wakeup && sharings_[flow.loop].has_idle()) {
        share_in(id, input.wakeup, 0.0, this->user_of(flow));
      } else {
        this->go_on(id);
      }
    } else if (Group& group = groups_[flow.loop]; group.idle != 0) {
      --group.idle;
      busy -= now;
      start(id);
    } else {
      flow.since = now;
      group.ready.push(flows, id);
    }
  }

  // One that is never idle goes to the first who is ready, else it becomes idle.
  void release(const Flow& flow) noexcept { release(flow.loop); }

  void release([[maybe_unused]] std::uint32_t loop) noexcept {
    if constexpr (!features.ps) {
      Group& group = groups_[loop];
      if (group.ready.empty()) {
        ++group.idle;
        busy += now;
      } else {
        grant(group);
      }
    }
  }

  bool is_awaited(const Flow& flow) const noexcept { return !groups_[flow.loop].ready.empty(); }

  // Before a call, with `fifo`: go to the end of the queue.
  void requeue(FlowId id) noexcept {
    Group& group = groups_[flows[id].loop];
    flows[id].since = now;
    group.ready.push(flows, id);
    grant(group);
  }

  // So much processor time passes, and then the flow goes on; its step may be the next already.
  void stretch(FlowId id, double time, std::uint32_t user) {
    if constexpr (features.ps) {
      share_in(id, time, time, user);
    } else {
      this->expect(now + time, id);
      if constexpr (features.gil) {
        flows[id].ends = now + time;
      }
    }
  }

  // What is left of a stretch in which a flow is stopped.
  double stop(FlowId id) {
    if constexpr (features.ps) {
      return stop_sharing(id);
    }
    flows[id].due = 0;
    return flows[id].ends - now;
  }

  // The first of those who share processors is done, unless that was expected before others came.
  FlowId share_out(std::uint32_t number, std::uint64_t its_order) {
    Sharing& sharing = sharings_[number];
    if (sharing.due != its_order) {
      return nobody;
    }
    leave(sharing);
    const Sharer done = sharing.pop(now);
    functions[done.user].waiting += (now - done.since) - done.own;
    schedule(sharing, number);
    return done.flow;
  }

  double busy = 0.0;

 private:
  void start(FlowId id) {
    if constexpr (features.wakeup) {
      this->use_of(flows[id]).waiting += input.wakeup;
      this->expect(now + input.wakeup, id);
    } else {
      this->go_on(id);
    }
  }

  void grant(Group& group) noexcept {
    const FlowId first = group.ready.pop(flows);
    this->use_of(flows[first]).waiting += now - flows[first].since;
    this->go_on(first);
  }

  void share_in(FlowId id, double time, double own, std::uint32_t user) {
    Sharing& sharing = sharings_[flows[id].loop];
    sharing.advance(now);
    if (sharing.has_idle()) {
      busy -= now;
    }
    sharing.add(time, ++this->order, id, user, own);
    schedule(sharing, flows[id].loop);
  }

  double stop_sharing(FlowId id) {
    Sharing& sharing = sharings_[flows[id].loop];
    sharing.advance(now);
    leave(sharing);
    const Sharer stopped = sharing.remove(id);
    const double rest = sharing.rest(stopped);
    functions[stopped.user].waiting += (now - stopped.since) - (stopped.own - rest);
    schedule(sharing, flows[id].loop);
    return rest;
  }

  void leave(const Sharing& sharing) noexcept {
    if (static_cast<double>(sharing.size()) <= sharing.used()) {
      busy += now;
    }
  }

  void schedule(Sharing& sharing, std::uint32_t number) {
    sharing.due = 0;
    if (!sharing.empty()) {
      this->expect(now + sharing.delay(), Event::Kind::share, number);
      sharing.due = this->order;
    }
  }

  std::vector<Group> groups_{};
  std::vector<Sharing> sharings_{};
};

}  // namespace flux::simulator
