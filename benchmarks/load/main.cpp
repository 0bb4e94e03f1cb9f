// A load generator for HTTP/1.1: asks a server on this machine, checks all that comes, and prints
// as JSON what came of it.

#include <sys/resource.h>

#include <cstdio>
#include <exception>

#include "generator.hpp"
#include "options.hpp"
#include "target.hpp"

namespace {

// What this process has used, to read its targets, too.
double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto options = load::parse_options(argc, argv);
    const auto targets = load::read_targets(options.targets);
    const auto tally = load::Generator{options, targets}.run();
    std::puts(tally.json(cpu_seconds()).c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "load: %s\n", error.what());
    return 2;
  }
}
