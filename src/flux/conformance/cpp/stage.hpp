// The scripts of behaviours, acted out by C++ functions: the twin of flux/conformance/stage.py.
//
// A script is a flat table of cues. Each says which action a node takes, and when: always, in
// its call of some number, or in the flow of some number. Nodes are plain functions and carry no
// state, so what is on stage is one per process, and each behaviour has a process of its own.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <flux/program.hpp>
#include <initializer_list>
#include <memory>
#include <ostream>
#include <span>
#include <string_view>
#include <vector>

namespace stage {

enum class Deed { gives, fails, ends, opens, waits, never, yields, signals };

// `text` is the text of an error, the name of a gate, or of a signal.
struct Action {
  Deed deed;
  std::string_view text = {};
  std::array<int, 6> values = {};
  std::size_t count = 0;
};

template <std::same_as<int>... Values>
constexpr Action gives(Values... values) {
  return {Deed::gives, {}, {values...}, sizeof...(values)};
}

constexpr Action fails(std::string_view text) { return {Deed::fails, text}; }
constexpr Action ends() { return {Deed::ends}; }
constexpr Action opens(std::string_view gate) { return {Deed::opens, gate}; }
constexpr Action waits(std::string_view gate) { return {Deed::waits, gate}; }
constexpr Action never(std::string_view gate) { return {Deed::never, gate}; }
constexpr Action yields() { return {Deed::yields}; }
constexpr Action signals(std::string_view name) { return {Deed::signals, name}; }

enum class When { always, on_call, in_flow, after_calls };

struct Cue {
  std::string_view node;
  When when;
  int number;
  Action action;
};

constexpr Cue always(std::string_view node, Action action) {
  return {node, When::always, 0, action};
}
constexpr Cue on_call(std::string_view node, int number, Action action) {
  return {node, When::on_call, number, action};
}
constexpr Cue in_flow(std::string_view node, int number, Action action) {
  return {node, When::in_flow, number, action};
}
// The source ends after so many calls, though nothing is said of some of them.
constexpr Cue after_calls(std::string_view node, int number) {
  return {node, When::after_calls, number, ends()};
}

using Script = std::span<const Cue>;

// A generated program, and what its nodes do.
struct Behaviour {
  flux::Program program;
  Script script;
};

// Those of this binary.
extern const std::vector<Behaviour (*)()> behaviours;

// What the functions of the behaviour on stage consist of.
int node(std::string_view name, std::initializer_list<int> inputs,
         std::initializer_list<int*> outputs);
bool predicate(std::string_view name, int input);
std::uint64_t session(std::string_view name, std::initializer_list<int> inputs);
void hook(std::string_view name);
void stopping();

// Puts a script on stage; the observer watches the constraints and the ends of flows.
std::unique_ptr<flux::Observer> enter(Script script, const flux::Paths& paths);

// Everything that has happened, a line for each event and each path.
void tell(std::ostream& out);

}  // namespace stage
