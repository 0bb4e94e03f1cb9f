// A simulator as a process: numbers from standard input, the result to standard output.

#pragma once

#include <cstdio>
#include <flux/simulator/input.hpp>
#include <flux/simulator/simulation.hpp>

namespace flux::simulator {

template <class Program>
int run() {
  const Input input = read_input(Program::functions.size(), Program::sources.size());
  Simulation<Program> simulation{input};
  try {
    simulation.run();
    simulation.print();
  } catch (const Saturated&) {
    simulation.print_saturated();
  } catch (const Stalled&) {
    print_stalled();
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace flux::simulator
