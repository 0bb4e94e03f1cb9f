// One behaviour of a binary, by its number: `behaviours 12 --runtime pool --threads 2`. What has
// happened is told on the standard output.
#include <chrono>
#include <cstdlib>
#include <flux/options.hpp>
#include <flux/server.hpp>
#include <iostream>
#include <string>

#include "stage.hpp"

int main(int argc, char** argv) {
  auto [program, script] = stage::behaviours.at(std::stoul(argv[1]))();
  auto options = flux::parse(argc - 1, argv + 1).options;
  const auto observer = stage::enter(script, program.paths);
  options.observer = observer.get();
  flux::Server server{std::move(program), options};
  const auto begun = std::chrono::steady_clock::now();
  const int status = server.run();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begun;
  const auto [started, finished, handled, failed, dropped] = server.counters();
  stage::tell(std::cout);
  std::cout << "counts\t" << finished << ' ' << handled << ' ' << failed << ' ' << dropped << '\n'
            << "seconds\t" << seconds.count() << std::endl;
  if (server.abandons()) std::_Exit(status);
  return status;
}
