// Constraints: taken, given back, handed on or won by who is faster.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <flux/simulator/python_lock.hpp>
#include <vector>

namespace flux::simulator {

// See `engine/include/flux/lock.hpp` for what the words mean.
struct Lock {
  std::uint32_t readers = 0;
  bool written = false;
  bool claimed = false;
  bool starving = false;
  bool awake = false;
  LockQueue queue{};

  bool is_free() const noexcept { return !written && readers == 0; }

  template <bool Barging>
  bool bars(bool reads) const noexcept {
    if constexpr (Barging) {
      return written || claimed || starving || (!reads && readers != 0);
    } else {
      return written || (reads ? !queue.empty() : readers != 0);
    }
  }
};

template <class Program>
class Constraints : protected PythonLock<Program> {
 protected:
  using Base = PythonLock<Program>;
  using Base::constraints, Base::features, Base::flows, Base::now;

  explicit Constraints(const Input& its_input) : Base{its_input} {
    std::size_t number = 0;
    for (std::size_t each = 0; each < firsts_.size(); ++each) {
      firsts_[each] = number;
      number += Program::constraints[each].of_sessions
                    ? static_cast<std::size_t>(this->input.sessions)
                    : 1;
    }
    locks_ = std::vector<Lock>(number);
  }

  // Whether the flow may go on; else it waits.
  bool take(FlowId id, std::uint32_t number, bool reads) {
    Lock& lock = lock_of(flows[id], number);
    if (lock.template bars<features.barging>(reads)) [[unlikely]] {
      wait(id, lock, constraints[number], reads);
      return false;
    }
    enter(lock, constraints[number], reads);
    ++flows[id].step;
    return true;
  }

  // The first of the queue, who was woken, tries.
  bool take_again(FlowId id, std::uint32_t number, bool reads) {
    Flow& flow = flows[id];
    Lock& lock = lock_of(flow, number);
    if (reads ? lock.written : !lock.is_free()) {
      sleep(lock, flow, reads);
      this->give_back(id);
      return false;
    }
    lock.claimed = lock.starving = lock.awake = false;
    leave_queue(lock, constraints[number]);
    enter(lock, constraints[number], reads);
    if (reads) {
      wake(lock);
    }
    flow.stage = Stage::step;
    ++flow.step;
    return true;
  }

  void give(FlowId id, std::uint32_t number, bool reads) {
    Lock& lock = lock_of(flows[id], number);
    ConstraintUse& use = constraints[number];
    reads ? static_cast<void>(--lock.readers) : static_cast<void>(lock.written = false);
    use.holding += now;
    if (--use.holders == 0) {
      use.busy += now;
    }
    if (lock.readers == 0 && !lock.queue.empty()) [[unlikely]] {
      features.barging ? wake(lock) : hand_off(lock, number);
    }
    ++flows[id].step;
  }

 private:
  Lock& lock_of(const Flow& flow, std::uint32_t number) noexcept {
    if constexpr (features.sessions) {
      return locks_[firsts_[number] +
                    (Program::constraints[number].of_sessions ? flow.session : 0)];
    } else {
      return locks_[number];
    }
  }

  void enter(Lock& lock, ConstraintUse& use, bool reads) noexcept {
    reads ? static_cast<void>(++lock.readers) : static_cast<void>(lock.written = true);
    ++use.taken;
    use.holding -= now;
    if (use.holders++ == 0) {
      use.busy -= now;
    }
  }

  void wait(FlowId id, Lock& lock, ConstraintUse& use, bool reads) {
    Flow& flow = flows[id];
    use.waiting -= now;
    ++use.waiters;
    lock.queue.push(flows, id);
    flow.reads = reads;
    if constexpr (features.barging) {
      flow.stage = Stage::again;
      flow.deadline = now + this->input.patience;
      if (lock.queue.first() == id) {
        sleep(lock, flow, reads);
      }
    } else {
      ++flow.step;
    }
    this->give_back(id);
  }

  // The first of the queue couldn't enter.
  void sleep(Lock& lock, const Flow& flow, bool reads) noexcept {
    if (!reads && lock.readers != 0) {
      lock.claimed = true;
    }
    if (now >= flow.deadline) {
      lock.starving = true;
    }
    lock.awake = false;
  }

  // The first of the queue tries when it has a processor.
  void wake(Lock& lock) {
    if (!lock.queue.empty() && !lock.awake) {
      lock.awake = true;
      this->request(lock.queue.first());
    }
  }

  // The first of the queue holds it now, and with a reader all readers right behind.
  void hand_off(Lock& lock, std::uint32_t number) {
    const bool reads = flows[lock.queue.first()].reads;
    do {
      const FlowId first = leave_queue(lock, constraints[number]);
      enter(lock, constraints[number], reads);
      this->request(first);
    } while (reads && !lock.queue.empty() && flows[lock.queue.first()].reads);
  }

  FlowId leave_queue(Lock& lock, ConstraintUse& use) noexcept {
    use.waiting += now;
    --use.waiters;
    ++use.contended;
    return lock.queue.pop(flows);
  }

  std::vector<Lock> locks_{};
  std::array<std::size_t, Program::constraints.size()> firsts_{};
};

}  // namespace flux::simulator
