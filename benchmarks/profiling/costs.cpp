// What a profile costs a flow, each of its nodes, and each of its constraints: flows of the
// generated program are run by hand on one thread, with the profile off and on by turns. Tells
// nanoseconds of a flow in each round as JSON: `costs 31 2000`, so many rounds of so many flows.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <flux/program.hpp>
#include <map>
#include <string>
#include <vector>

#include "chain.h"
#include "chain_nodes.hpp"
#include "endings.hpp"
#include "profile/profiler.hpp"

namespace {

class Costs {
 public:
  // The time of one flow, from its turn to its end.
  double nanoseconds(const flux::Source& source, int flows) {
    const auto begun = std::chrono::steady_clock::now();
    for (int flow = 0; flow < flows; ++flow) {
      run(source);
    }
    const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - begun;
    return time.count() / flows;
  }

  const std::vector<flux::Source>& sources() const noexcept { return program_.sources; }

  void turn(bool on) { on ? profiler_.start() : profiler_.stop(); }

 private:
  void run(const flux::Source& source) {
    auto task = source.new_task(source, nullptr);
    task->flow.measure(profiler_, source);
    if (endings_.turn(*task)) {
      std::abort();
    }
    task->flow.turn = std::exchange(task->flow.path, 0);
    if (flux::Meter* const meter = task->flow.meter()) {
      meter->handed_over();
    }
    endings_.carry(std::move(task));
  }

  flux::Program program_ = flux_program();
  flux::Reports reports_{};
  flux::profile::Profiler profiler_{program_.sources, 1};
  flux::Endings endings_{reports_, program_.paths, profiler_, nullptr};
};

}  // namespace

int main(int, char** argv) {
  const int rounds = std::atoi(argv[1]);
  const int flows = std::atoi(argv[2]);
  Costs costs;
  std::map<std::string, std::vector<double>> times;
  for (int round = 0; round < rounds; ++round) {
    for (const bool on : {false, true}) {
      costs.turn(on);
      for (const flux::Source& source : costs.sources()) {
        const std::string name = std::string{source.target} + (on ? " on" : " off");
        times[name].push_back(costs.nanoseconds(source, flows));
      }
    }
  }
  const char* before = "{";
  for (const auto& [name, each] : times) {
    std::printf("%s\"%s\": [", before, name.c_str());
    for (const double& time : each) {
      std::printf("%s%.3f", &time == each.data() ? "" : ", ", time);
    }
    std::printf("]");
    before = ", ";
  }
  std::printf("}\n");
}
