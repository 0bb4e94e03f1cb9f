// Generated routines against the same flows by hand; all take turns, a few thousand calls each.

#include <functional>

#include "by_hand.hpp"
#include "figures.hpp"
#include "flows_flux.cpp"  // its routines have no names for others

namespace {

constexpr int turns = 200;
constexpr std::int64_t calls = 1000;

// What a flow takes by hand, generated, and generated with a new Flow each time.
struct Times {
  double by_hand = 0;
  double generated = 0;
  double with_flow = 0;
};

template <auto& Routine, class... Values>
void with_new_flow(const Values&... values) {
  flux::Flow flow;
  static_cast<void>(Routine(flow, values...));
}

template <auto& Routine, auto& ByHand, class... Values>
void compare(Figures& figures, const std::string& name, const Values&... values) {
  flux::Flow flow;
  Times sums;
  for (int turn = 0; turn < turns; ++turn) {
    sums.by_hand += nanoseconds(calls, &ByHand, values...);
    sums.generated += nanoseconds(calls, &Routine, std::ref(flow), values...);
    sums.with_flow += nanoseconds(calls, &with_new_flow<Routine, Values...>, values...);
  }
  figures.emplace_back(name + ", by hand", sums.by_hand / turns);
  figures.emplace_back(name + ", generated", sums.generated / turns);
  figures.emplace_back(name + ", and its Flow", sums.with_flow / turns);
}

}  // namespace

Figures overhead() {
  using namespace flows_flux;
  const Handle handle = std::make_shared<const int>(1);
  const Text text = "longer than what a string keeps in itself";
  Figures figures;
  compare<Two, by_hand::two>(figures, "2 nodes, an int", 1);
  compare<Six, by_hand::six>(figures, "6 nodes, an int", 1);
  compare<Cases, by_hand::cases>(figures, "4 nodes, the 2nd of 2 cases, an int", 1);
  compare<Locked, by_hand::locked>(figures, "6 nodes, 5 locks, a handler, an int", 1);
  compare<Locked, by_hand::locked_by_std>(figures,
                                          "6 nodes, 5 locks of std by hand, a handler, an int", 1);
  compare<Values, by_hand::values>(figures, "6 nodes, a handler, a handle and a text", handle,
                                   text);
  return figures;
}
