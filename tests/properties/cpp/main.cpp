// One of the programs of a binary, by its number: `programs 12 --runtime pool`. Scripts are read
// from the standard input, and what has happened is told on the standard output.
#include <cstdlib>
#include <flux/options.hpp>
#include <flux/server.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "programs.hpp"
#include "stage.hpp"

int main(int argc, char** argv) {
  flux::Program program = programs.at(std::stoul(argv[1]))();
  auto options = flux::parse(argc - 1, argv + 1).options;
  const auto observer = stage::enter(program, std::cin);
  options.observer = observer.get();
  flux::Server server{std::move(program), options};
  const int status = server.run();
  const auto [started, finished, handled, failed, dropped] = server.counters();
  stage::tell(std::cout);
  std::cout << "counts " << started << ' ' << finished << ' ' << handled << ' ' << failed << ' '
            << dropped << std::endl;
  if (server.abandons()) std::_Exit(status);
  return status;
}
