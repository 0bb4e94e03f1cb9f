// Flows, by number, and the queues in which they stand.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace flux::simulator {

using FlowId = std::uint32_t;

constexpr FlowId nobody = UINT32_MAX;

// What a flow does when it goes on, at its step.
enum class Stage : std::uint8_t {
  step,
  overhead,
  free_overhead,  // without Python's lock
  locked_overhead,
  after_io,
  free_time,  // processor time without Python's lock
  processor_time,
  again,
  turn
};

struct Flow {
  double arrived;
  double since;       // when it began to wait for a processor or for Python's lock
  double cpu;         // what is left of the processor time of its call
  double ends;        // when that will be over
  double deadline;    // when it will have lost patience
  std::uint64_t due;  // the number of the event that it expects
  std::uint32_t step;
  std::uint32_t source;
  std::uint32_t session;
  std::uint32_t loop;
  FlowId next;    // in the queue of what it needs to go on
  FlowId behind;  // in the queue of a constraint, or at the door of its source
  Stage stage;
  bool reads;    // waits as a reader
  bool fresh;    // has queued for the processor that it has
  bool outside;  // what it computes is its overhead
};

class Flows {
 public:
  Flow& operator[](FlowId id) noexcept { return flows_[id]; }

  FlowId make() {
    if (free_ == nobody) [[unlikely]] {
      return make_new();
    }
    const FlowId made = free_;
    free_ = flows_[made].next;
    return made;
  }

  void end(FlowId id) noexcept {
    flows_[id].due = 0;
    flows_[id].next = free_;
    free_ = id;
  }

 private:
  FlowId make_new();

  std::vector<Flow> flows_{};
  FlowId free_ = nobody;
};

// First in, first out; the flows themselves are the links.
template <FlowId Flow::*Link>
class Queue {
 public:
  bool empty() const noexcept { return first_ == nobody; }

  FlowId first() const noexcept { return first_; }

  std::size_t size() const noexcept { return size_; }

  void push(Flows& flows, FlowId id) noexcept {
    flows[id].*Link = nobody;
    if (first_ == nobody) {
      first_ = id;
    } else {
      flows[last_].*Link = id;
    }
    last_ = id;
    ++size_;
  }

  void push_first(Flows& flows, FlowId id) noexcept {
    flows[id].*Link = first_;
    if (first_ == nobody) {
      last_ = id;
    }
    first_ = id;
    ++size_;
  }

  FlowId pop(Flows& flows) noexcept {
    const FlowId popped = first_;
    first_ = flows[popped].*Link;
    --size_;
    return popped;
  }

 private:
  FlowId first_ = nobody;
  FlowId last_ = nobody;
  std::size_t size_ = 0;
};

using FlowQueue = Queue<&Flow::next>;
using LockQueue = Queue<&Flow::behind>;

}  // namespace flux::simulator
