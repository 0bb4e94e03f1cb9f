#include "programs.hpp"

#include <utility>

namespace flux::tests {

namespace {

Script script;

int Listen(int* number) { return script.listen(number); }
int Work(int number) { return script.work(number); }

Way listen_turn(Flow& flow, int* out_number) { return flow.open<Listen>(out_number); }
Way work_alone(Flow& flow, int number) { return flow.run<Work>(number); }

Paths paths() {
  using namespace path_tables;
  return {.routines = {{{1, 1, 0}, {call("Listen", -1, {})}}, {{1, 1, 0}, {call("Work", -1, {})}}},
          .sources = {{"Listen", "Work", 0, 1}}};
}

const Source& only_source() {
  static const Source its = source("Listen", "Work", listen_turn, work_alone, {}, {});
  return its;
}

}  // namespace

void act(Script next) { script = std::move(next); }

std::function<int(int*)> up_to(int last) {
  return [last, given = 0](int* number) mutable {
    *number = ++given;
    return given > last ? FLUX_END : 0;
  };
}

Program program() {
  return {
      .name = "test.flux",
      .sources = {only_source()},
      .nodes = {named<Listen>("Listen"), named<Work>("Work")},
      .paths = paths(),
      .init = [](int count, char** values) { return script.init ? script.init(count, values) : 0; },
      .finish = script.finish ? +[] { script.finish(); } : nullptr,
      .interrupt = [] { script.interrupt ? script.interrupt() : void(); },
      .shutdown = [] { script.shutdown ? script.shutdown() : void(); }};
}

std::unique_ptr<Task> task(int number) {
  script.listen = [number](int* out) {
    *out = number;
    return 0;
  };
  auto made = only_source().new_task(only_source(), nullptr);
  static_cast<void>(made->turn());
  return made;
}

}  // namespace flux::tests
