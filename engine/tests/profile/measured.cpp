#include "measured.hpp"

#include <utility>

#include "profile/report.hpp"

namespace flux::tests {

namespace {

thread_local int next_number = 0;
std::function<void(int)> work_besides;

constinit Constraint shelf{"shelf"};

int Listen(int* number) {
  *number = next_number;
  return *number < 0 ? -*number : 0;
}

bool IsOdd(int number) { return number % 2 == 1; }

int Work(int number, int* out) {
  if (work_besides) {
    work_besides(number);
  }
  *out = number;
  return 0;
}

int Check(int number) { return number % 5 == 0 ? 1 : 0; }

int Apologize(int number) { return number % 10 == 0 ? 2 : 0; }

// Serve:[odd] = ; Serve:[_] = Work -> Check; handle error Check -> Apologize;
Way serve(Flow& flow, int number) {
  if (flow.test<IsOdd>(number)) {
    return succeeded;
  }
  flow.path += 1;
  if (auto way = Hold{flow, shelf.writer()}.run<Work>(number, &number)) return way;
  if (auto kept = copies(number); auto way = flow.run<Check>(number)) {
    return flow.handle<Apologize>(way, {.numbers = {.base = 1}, .handling = {1, 1, 0}}, kept);
  }
  return succeeded;
}

Way listen_turn(Flow& flow, int* out_number) { return flow.open<Listen>(out_number); }

Paths paths() {
  using namespace path_tables;
  return {.routines = {{{1, 1, 0}, {call("Listen", -1, {})}},
                       {{2, 1, 2},
                        {dispatch("Serve",
                                  {{"Serve:[odd]", 0, -1, {}},
                                   {"Serve:[_]",
                                    1,
                                    -1,
                                    {call("Work", -1, {.base = 1}),
                                     handle("Check", "Apologize", -1, {.base = 1}, {1, 1, 0},
                                            {1, 1, 0}, {call("Check", -1, {})})}}},
                                  -1)}}},
          .sources = {{"Listen", "Serve", 0, 1}}};
}

}  // namespace

void let_work(std::function<void(int)> work) { work_besides = std::move(work); }

Measured::Measured(std::size_t threads)
    : program_{.name = "test.flux",
               .sources = {source("Listen", "Serve", listen_turn, serve, {1, 1, 0}, {2, 1, 2})},
               .nodes = {named<Listen>("Listen"), named<IsOdd>("IsOdd"), named<Work>("Work"),
                         named<Check>("Check"), named<Apologize>("Apologize")},
               .paths = paths()},
      reports_{std::chrono::steady_clock::now, [](const std::string&) {}},
      profiler_{program_.sources, threads},
      endings_{reports_, program_.paths, profiler_, nullptr} {
  std::uint32_t number = 0;
  for (const NamedNode& each : program_.nodes) {
    each.node->call(each.name, ++number);
  }
}

std::unique_ptr<Task> Measured::turned(int number) {
  const Source& from = program_.sources.front();
  auto task = from.new_task(from, nullptr);
  task->flow.measure(profiler_, from);
  next_number = number;
  if (const Way end = endings_.turn(*task)) {
    endings_.judge(*task, end);
    return nullptr;
  }
  task->flow.turn = std::exchange(task->flow.path, 0);
  if (Meter* const meter = task->flow.meter()) {
    meter->handed_over();
  }
  return task;
}

Outcome Measured::run(int number) {
  auto task = turned(number);
  return task ? endings_.carry(std::move(task)) : Outcome::failed;
}

std::uint64_t Measured::count(Outcome outcome) {
  return read([&](const profile::Ledger& ledger) {
    std::uint64_t sum = 0;
    for (const auto& [key, counts] : ledger.paths()) {
      sum += key.outcome == outcome ? counts.wall.count() : 0;
    }
    return sum;
  });
}

std::uint64_t Measured::calls(const char* node) {
  return read([&](const profile::Ledger& ledger) {
    std::uint64_t sum = 0;
    profile::each_node(ledger, program_, [&](const std::string& name, Role, const auto& its) {
      sum += name == node ? its.wall.count() : 0;
    });
    return sum;
  });
}

}  // namespace flux::tests
