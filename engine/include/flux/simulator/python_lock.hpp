// Python's lock: who has it, and for how long.

#pragma once

#include <cstdint>
#include <flux/simulator/processors.hpp>

namespace flux::simulator {

template <class Program>
class PythonLock : protected Processors<Program> {
 protected:
  using Base = Processors<Program>;
  using Base::Base;
  using Base::features, Base::flows, Base::input, Base::now;

  bool is_owned() const noexcept { return owner_ != nobody; }

  const FlowQueue& gil_queue() const noexcept { return queue_; }

  // Whether the flow may compute; else it waits, for the lock that its function needs.
  bool take_gil(FlowId id, bool needs) {
    if (!needs) {
      give_gil_of(id);
      return true;
    }
    if (owner_ != id) {
      if (owner_ != nobody) {
        wait(id);
        return false;
      }
      owner_ = id;
      gil_time -= now;
    }
    owner_runs_ = true;
    expect_slice();
    return true;
  }

  void give_gil_of(FlowId id) {
    if (features.gil && owner_ == id) {
      give();
    }
  }

  // The thread of a flow that has ended goes on with another.
  void inherit_gil(FlowId id, FlowId heir) noexcept {
    if (owner_ == id) {
      owner_ = heir;
    }
  }

  // A flow gives back what it computes with.
  void give_back(FlowId id) {
    flows[id].fresh = true;
    give_gil_of(id);
    this->release(flows[id]);
  }

  // The owner has had it for long enough, and stops in the middle of a function.
  void slice(std::uint64_t its_order) {
    if (slice_due_ != its_order) {
      return;
    }
    slice_due_ = 0;
    const FlowId id = owner_;
    Flow& flow = flows[id];
    flow.cpu = this->stop(id);
    flow.step -= flow.outside ? 0 : 1;
    flow.stage = flow.outside ? Stage::locked_overhead : Stage::processor_time;
    flow.since = now;
    queue_.push(flows, id);
    give();
    flow.fresh = true;
    this->release(flow);
  }

  double gil_time = 0.0;

 private:
  void wait(FlowId id) {
    Flow& flow = flows[id];
    flow.since = now;
    queue_.push(flows, id);
    if (owner_runs_) {
      expect_slice();
    }
    flow.fresh = true;
    this->release(flow);
  }

  // The owner runs; if others wait, it will have the lock for no longer than this.
  void expect_slice() {
    if (!queue_.empty() && slice_due_ == 0) {
      this->expect(now + input.interval, Event::Kind::slice, 0);
      slice_due_ = this->order;
    }
  }

  // It goes to the first who waits for it.
  void give() {
    gil_time += now;
    owner_runs_ = false;
    slice_due_ = 0;
    if (queue_.empty()) {
      owner_ = nobody;
      return;
    }
    owner_ = queue_.pop(flows);
    gil_time -= now;
    this->use_of(flows[owner_]).waiting += now - flows[owner_].since;
    this->request(owner_);
  }

  FlowId owner_ = nobody;
  bool owner_runs_ = false;
  std::uint64_t slice_due_ = 0;
  FlowQueue queue_{};
};

}  // namespace flux::simulator
