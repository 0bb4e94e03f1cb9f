#include <doctest/doctest.h>
#include <flux/flux.h>

#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "../profile/measured.hpp"
#include "kept.hpp"

using flux::Outcome;
using flux::tests::Kept;
using flux::tests::let_work;
using flux::tests::Measured;
using flux::trace::Context;
using flux::trace::Record;
using flux::trace::Step;

namespace {

const std::string sampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const std::string unsampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
constexpr std::uint64_t never = 1'000'000'000;

class Traced {
 public:
  explicit Traced(std::uint64_t every = 1) {
    measured.profiler().trace(every, kept);
    measured.profiler().start();
  }
  ~Traced() { let_work({}); }

  Kept kept{};
  Measured measured{};
};

std::vector<std::string> names(const Record& record) {
  std::vector<std::string> all;
  for (const Step& each : record.steps) {
    all.emplace_back(each.name != nullptr ? each.name : "queue");
  }
  return all;
}

}  // namespace

TEST_SUITE("records of traces") {
  TEST_CASE("a traced flow's steps are its calls in their order, and fill its time") {
    Traced traced;
    traced.measured.run(2);
    REQUIRE(traced.kept.records.size() == 1);
    const Record& record = *traced.kept.records.front();
    CHECK(names(record) == std::vector<std::string>{"queue", "IsOdd", "Work", "Check"});
    CHECK(record.steps[1].role == flux::Role::predicate);
    CHECK(record.outcome == Outcome::finished);
    const std::uint64_t sum =
        std::accumulate(record.steps.begin(), record.steps.end(), std::uint64_t{0},
                        [](std::uint64_t so_far, const Step& each) { return so_far + each.time; });
    CHECK(record.lasted == sum);
  }

  TEST_CASE("one flow in so many is traced") {
    Traced traced{10};
    for (int number = 0; number < 10'000; ++number) {
      traced.measured.run(1);
    }
    CHECK(traced.kept.records.size() > 800);  // 1000, less six standard deviations
    CHECK(traced.kept.records.size() < 1200);
  }

  TEST_CASE("a failed call has the error's text, and a failed flow as well") {
    Traced traced;
    traced.measured.run(10);
    const Record& record = *traced.kept.records.front();
    REQUIRE(record.steps.size() == 5);
    CHECK(record.steps[3].kind == Step::Kind::failed);
    CHECK(record.steps[4].kind == Step::Kind::failed);
    REQUIRE(record.messages.size() == 2);
    CHECK(record.messages[0] == std::pair{std::uint64_t{3}, std::string{"error 1"}});
    CHECK(record.messages[1] == std::pair{std::uint64_t{4}, std::string{"error 2"}});
    CHECK(record.outcome == Outcome::failed);
    CHECK(record.error == "error 2");
  }

  TEST_CASE("a turn that fails is a trace of its own") {
    Traced traced;
    traced.measured.run(-3);
    const Record& record = *traced.kept.records.front();
    CHECK(record.steps.empty());
    CHECK(record.error == "error 3");
  }

  TEST_CASE("waiting for a constraint is a step") {
    Traced traced;
    std::atomic<bool> holds{false};
    const auto waits = [&] {
      const auto flows = traced.measured.profiler().live(10).first;
      return std::any_of(flows.begin(), flows.end(),
                         [](const auto& flow) { return !flow.awaits.empty(); });
    };
    let_work([&](int number) {
      holds = true;
      while (number == 2 && !waits()) {
        std::this_thread::yield();
      }
    });
    std::thread first{[&] { traced.measured.run(2); }};
    while (!holds) {
      std::this_thread::yield();
    }
    std::thread second{[&] { traced.measured.run(4); }};
    first.join();
    second.join();
    REQUIRE(traced.kept.records.size() == 2);
    const auto& [one, other] = std::pair{*traced.kept.records[0], *traced.kept.records[1]};
    const Record& waited = one.steps.size() > other.steps.size() ? one : other;
    CHECK(names(waited) == std::vector<std::string>{"queue", "IsOdd", "shelf", "Work", "Check"});
    CHECK(waited.steps[2].kind == Step::Kind::waited);
  }

  TEST_CASE("a node tells the place of its own span") {
    Traced traced;
    std::string told;
    let_work([&](int) { told = flux::traceparent(); });
    traced.measured.run(2);
    CHECK(told == traced.kept.records.front()->context.of_step(2).text());
  }

  TEST_CASE("C has functions of its own") {
    Traced traced;
    char told[56];
    int size = 0;
    let_work([&](int) {
      flux_join_trace(sampled.c_str());
      size = flux_traceparent(told);
    });
    traced.measured.run(2);
    CHECK(size == 55);
    CHECK(told == traced.kept.records.front()->context.of_step(2).text());
    CHECK(std::string{told}.substr(0, 36) == sampled.substr(0, 36));
    CHECK(flux_traceparent(told) == 0);
    CHECK(std::string{told}.empty());
  }

  TEST_CASE("who calls decides whether a flow is traced") {
    SUBCASE("traced, against chance") {
      Traced traced{never};
      let_work([](int) { flux::join_trace(sampled); });
      traced.measured.run(2);
      REQUIRE(traced.kept.records.size() == 1);
      const Record& record = *traced.kept.records.front();
      CHECK(record.parent == 0x00f067aa0ba902b7);
      CHECK(record.context.trace == Context::parse(sampled)->trace);
      CHECK(names(record) == std::vector<std::string>{"queue", "IsOdd", "Work", "Check"});
    }
    SUBCASE("not traced, and who is called next learns that") {
      Traced traced;
      std::string told;
      let_work([&](int) {
        flux::join_trace(unsampled);
        told = flux::traceparent();
      });
      traced.measured.run(2);
      CHECK(traced.kept.records.empty());
      CHECK(told == unsampled);
    }
  }

  TEST_CASE("what is no context changes nothing") {
    Traced traced;
    let_work([](int) { flux::join_trace("00-rubbish"); });
    traced.measured.run(2);
    CHECK(traced.kept.records.front()->parent == 0);
  }

  TEST_CASE("without traces, and outside of flows, there is nothing to tell or to join") {
    Measured measured;
    measured.profiler().start();
    std::string told = "nothing yet";
    let_work([&](int) {
      flux::join_trace(sampled);
      told = flux::traceparent();
    });
    measured.run(2);
    let_work({});
    CHECK(told.empty());
    flux::join_trace(sampled);
    CHECK(flux::traceparent().empty());
  }
}
