// Measures one round of a table of `make bench-engine`, and prints it as JSON.
//
// The C library takes locks and counts without atomic operations in a process that never had a
// second thread. No server is such a process, so this one isn't either.

#include <cstdio>
#include <string_view>
#include <thread>

#include "figures.hpp"

namespace {

void print(const Figures& figures) {
  const char* separator = "{";
  for (const auto& [name, time] : figures) {
    std::printf("%s\"%s\": %.3f", separator, name.c_str(), time);
    separator = ", ";
  }
  std::puts("}");
}

}  // namespace

int main(int argc, char** argv) {
  std::thread{[] {}}.join();
  const std::string_view table = argc == 2 ? argv[1] : "";
  if (table == "overhead") return print(overhead()), 0;
  if (table == "locks") return print(locks()), 0;
  if (table == "runtimes") return print(runtimes()), 0;
  if (table == "fibers") return print(fibers()), 0;
  return 2;
}
