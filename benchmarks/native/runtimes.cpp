// Flows of `Six` on each runtime, against the like of it written by hand.

#include <flux/server.hpp>
#include <functional>

#include "figures.hpp"
#include "nodes.hpp"
#include "pools_by_hand.hpp"

namespace {

constexpr std::size_t queue = 1024;
constexpr std::ptrdiff_t most = 64;

void serve(const flux::Options& options) {
  auto program = flux_program();
  program.sources.resize(1);
  flux::Server{program, options}.run();
}

double time_of(std::int64_t flows, const std::function<void()>& run) {
  nodes::set_flows(flows);
  const auto start = std::chrono::steady_clock::now();
  run();
  return share(start, flows);
}

void compare_pools(Figures& figures, const std::string& name, std::int64_t flows,
                   std::size_t threads) {
  figures.emplace_back(name + ", by hand", time_of(flows, [=] { by_hand::pool(threads, queue); }));
  const flux::Options options{
      .runtime = flux::RuntimeKind::pool, .threads = threads, .queue = queue};
  figures.emplace_back(name + ", Flux", time_of(flows, [&] { serve(options); }));
}

void compare_threads(Figures& figures, const std::string& name, std::int64_t flows) {
  figures.emplace_back(name + ", by hand", time_of(flows, [] { by_hand::thread(most); }));
  const flux::Options options{.runtime = flux::RuntimeKind::thread, .max_flows = most};
  figures.emplace_back(name + ", Flux", time_of(flows, [&] { serve(options); }));
}

void compare(Figures& figures, std::int64_t flows, const std::string& work) {
  compare_pools(figures, "pool of 1, " + work, flows, 1);
  compare_pools(figures, "pool of 4, " + work, flows, 4);
  compare_threads(figures, "thread, " + work, flows / 5);
}

}  // namespace

Figures runtimes() {
  Figures figures;
  compare(figures, 50'000, "no work");
  nodes::set_work(5'000);
  compare(figures, 20'000, "5 us of work");
  return figures;
}
