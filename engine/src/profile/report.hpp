// What a profile says, as docs/profile.md describes it: JSON, text for Prometheus, paths as text.

#pragma once

#include <flux/options.hpp>
#include <flux/program.hpp>
#include <string>
#include <utility>
#include <vector>

#include "ledger.hpp"
#include "profiler.hpp"

namespace flux::profile {

// The server that is told of.
struct About {
  const Program& program;
  const Options& options;
};

std::string as_json(const Ledger& ledger, const Span& span, const About& about);

std::string as_metrics(const Ledger& ledger, const Span& span, const About& about);

// A line for each path, those first that took the most time.
std::string as_paths(const Ledger& ledger, const About& about);

// The flows that live, and how many more there are.
std::string as_flows(const std::pair<std::vector<Live>, std::size_t>& flows, bool is_on);

// The name of a path as `flux paths` shows it; `(no number)` for those without one.
std::string name_of(const PathKey& key, const Program& program);

const char* text_of(Outcome outcome) noexcept;
const char* text_of(Role role) noexcept;

// The cases that were chosen, as labels such as `Handler:[_, hit]`, and how often.
std::vector<std::pair<std::string, std::uint64_t>> cases_of(const Ledger& ledger,
                                                            const Program& program);

// Every function that was called, as every role that it was called in.
template <class Tell>
void each_node(const Ledger& ledger, const Program& program, Tell tell) {
  for (std::uint32_t number = 1; number <= program.nodes.size(); ++number) {
    for (const Role role : {Role::node, Role::opening, Role::predicate, Role::session}) {
      const NodeCounts* const its = ledger.find_node(number, role);
      if (its != nullptr && its->wall.count() != 0) {
        tell(program.nodes[number - 1].name, role, *its);
      }
    }
  }
}

}  // namespace flux::profile
