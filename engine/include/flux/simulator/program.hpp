// What is known of a model when its simulator is compiled: which ways flows go, and what of the
// theory (`flux/simulation/model.py`) is used. A generated program is made of these.

#pragma once

#include <cstdint>

namespace flux::simulator {

// See `flux/simulation/engines/features.py`.
struct Features {
  bool fifo = false;
  bool ps = false;
  bool loops = false;
  bool threads = false;
  bool places = false;
  bool drops = false;
  bool barging = false;
  bool readers = false;
  bool sessions = false;
  bool gil = false;
  bool split = false;
  bool locked_overhead = false;
  bool split_overhead = false;
  bool wakeup = false;
  bool overhead = false;
  bool io = false;
  bool closed = false;
  bool bursts = false;
  bool turns = false;
  bool spread = false;

  // Whether a thread goes on with its next flow on the processor that it has.
  constexpr bool inherits() const noexcept { return threads && !(fifo || ps || loops); }

  // Whether anything may come between the beginning of a call and its processor time.
  constexpr bool staged() const noexcept { return io || fifo || gil || ps; }
};

// A step of a route: a function that runs, a constraint that is taken or given back, the end.
// `user` is the function that runs at it or next after it, or one more than there are; at the first
// step of a route it is larger by one more than there are functions.
struct Step {
  enum class Kind : std::uint8_t { run, write, written, read, has_read, end };

  Kind kind;
  std::uint32_t index;
  std::uint32_t user;
};

struct Function {
  bool gil = false;
  bool split = false;  // a part of its processor time doesn't need Python's lock
  bool io = false;
};

struct Constraint {
  bool of_sessions = false;
};

// The routes from `first` on are a source's.
struct Source {
  std::uint32_t first;
  std::uint32_t routes;
  bool spreads = false;
};

}  // namespace flux::simulator
