#include <doctest/doctest.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <latch>
#include <thread>
#include <vector>

#include "../latch.hpp"
#include "measured.hpp"
#include "profile/report.hpp"

using flux::Outcome;
using flux::profile::Ledger;
using flux::profile::Pace;
using flux::tests::let_work;
using flux::tests::Measured;

namespace {

void burn(std::uint64_t nanoseconds) {
  const std::uint64_t begun = flux::profile::thread_cpu();
  while (flux::profile::thread_cpu() - begun < nanoseconds) {
  }
}

std::uint64_t flows_of_paths(const Ledger& ledger) {
  std::uint64_t sum = 0;
  for (const auto& each : ledger.paths()) {
    sum += each.second.flows;
  }
  return sum;
}

std::uint64_t spent_in_paths(const Ledger& ledger) {
  std::uint64_t sum = 0;
  for (const auto& each : ledger.paths()) {
    sum += each.second.wall.total();
  }
  return sum;
}

std::uint64_t spent_in_parts(const Ledger& ledger, const flux::Program& program) {
  std::uint64_t sum = 0;
  flux::profile::each_node(ledger, program, [&](const char*, flux::Role role, const auto& its) {
    sum += role == flux::Role::opening ? 0 : its.wall.total();
  });
  for (const auto& each : ledger.constraints()) {
    sum += each->waiting.total();
  }
  for (const auto& each : ledger.paths()) {
    sum += each.second.queued.total();
  }
  return sum;
}

}  // namespace

TEST_SUITE("the profiler") {
  TEST_CASE("nothing is measured while it is off") {
    Measured measured;
    measured.run(2);
    CHECK(measured.calls("Work") == 0);
  }

  TEST_CASE("each flow counts once, on its path, with its nodes") {
    Measured measured;
    measured.profiler().start();
    for (int number = 1; number <= 20; ++number) {
      measured.run(number);
    }
    CHECK(measured.count(Outcome::finished) == 18);  // 10 odd ones, and 8 of the others
    CHECK(measured.count(Outcome::handled) == 0);
    CHECK(measured.count(Outcome::failed) == 2);  // 10 and 20, whose handler fails
    CHECK(measured.calls("Listen") == 20);
    CHECK(measured.calls("IsOdd") == 20);
    CHECK(measured.calls("Work") == 10);
    CHECK(measured.calls("Apologize") == 2);
  }

  TEST_CASE("paths have the numbers and names that the program gives them") {
    Measured measured;
    measured.profiler().start();
    measured.run(1);
    measured.run(2);
    measured.run(10);
    const auto paths = measured.read([&](const Ledger& ledger) {
      return flux::profile::as_paths(ledger, {measured.program(), {}});
    });
    CHECK(paths.find("Listen -> Serve:[odd]\n") != paths.npos);
    CHECK(paths.find("Listen -> Serve:[_] -> Work -> Check\n") != paths.npos);
    CHECK(paths.find("Listen -> Serve:[_] -> Work -> Check fails -> Apologize fails\n") !=
          paths.npos);
  }

  TEST_CASE("a turn that fails counts as a path, and as dropped") {
    Measured measured;
    measured.profiler().start();
    measured.run(-3);
    CHECK(measured.count(Outcome::failed) == 1);
    CHECK(measured.read([](const Ledger& ledger) { return ledger.sources().front().dropped; }) ==
          1);
  }

  TEST_CASE("times of nodes, waits and queues add up to those of paths") {
    Measured measured;
    measured.profiler().start();
    for (int number = 1; number <= 200; ++number) {
      measured.run(number);
    }
    CHECK(measured.read([](const Ledger& ledger) { return spent_in_paths(ledger); }) ==
          measured.read(
              [&](const Ledger& ledger) { return spent_in_parts(ledger, measured.program()); }));
  }

  TEST_CASE("after a rush flows still count once, and those that are timed stand for the others") {
    constexpr std::uint64_t more = 20'000;
    constexpr std::uint64_t flows = Pace::rush + more;
    Measured measured;
    measured.profiler().start();
    for (std::uint64_t each = 0; each < flows; ++each) {
      measured.run(2);
    }
    CHECK(measured.read(flows_of_paths) == flows);
    CHECK(measured.read([](const Ledger& ledger) { return ledger.sources().front().started; }) ==
          flows);
    const double deviation = std::sqrt(more * (Pace::most - 1.0));
    CHECK(std::abs(static_cast<double>(measured.calls("Work")) - double{flows}) < 7 * deviation);
    CHECK(measured.calls("Work") == measured.calls("Listen"));
    CHECK(measured.read([](const Ledger& ledger) { return spent_in_paths(ledger); }) ==
          measured.read(
              [&](const Ledger& ledger) { return spent_in_parts(ledger, measured.program()); }));
  }

  TEST_CASE("counts are exact when 64 threads carry flows and somebody keeps asking") {
    constexpr int threads = 64;
    constexpr int each = 200;
    Measured measured{threads};
    measured.profiler().start();
    std::atomic<int> left{threads};
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < threads; ++worker) {
      workers.emplace_back([&] {
        for (int number = 1; number <= each; ++number) {
          measured.run(number);
        }
        --left;
      });
    }
    while (left > 0) {
      measured.calls("Work");
      measured.profiler().live(10);
    }
    workers.clear();
    CHECK(measured.count(Outcome::finished) == threads * 180);
    CHECK(measured.count(Outcome::failed) == threads * 20);
    CHECK(measured.calls("IsOdd") == threads * each);
    CHECK(measured.calls("Work") == threads * 100);
    CHECK(measured.read([](const Ledger& ledger) { return spent_in_paths(ledger); }) ==
          measured.read(
              [&](const Ledger& ledger) { return spent_in_parts(ledger, measured.program()); }));
  }

  TEST_CASE("who waits for a constraint is told from who gets it at once") {
    Measured measured;
    measured.profiler().start();
    std::latch inside{1};
    std::latch go{1};
    let_work([&](int number) {
      if (number == 2) {
        inside.count_down();
        go.wait();
      }
    });
    std::jthread first{[&] { measured.run(2); }};
    inside.wait();
    std::jthread second{[&] { measured.run(4); }};
    const auto somebody_waits = [&] {
      const auto flows = measured.profiler().live(10).first;
      return std::any_of(flows.begin(), flows.end(),
                         [](const auto& each) { return each.awaits == "shelf"; });
    };
    CHECK(flux::tests::eventually(somebody_waits));
    go.count_down();
    first.join();
    second.join();
    let_work({});
    measured.read([](const Ledger& ledger) {
      const auto& shelf = *ledger.constraints().front();
      CHECK(shelf.acquired() == 2);
      CHECK(shelf.contended() == 1);
      CHECK(shelf.holding.count() == 2);
      CHECK(shelf.waiting.max() > 0);
      return 0;
    });
  }

  TEST_CASE("processor time is what a node burns, not what it sleeps") {
    Measured measured;
    measured.profiler().start();
    let_work([](int number) {
      if (number == 2) {
        burn(10'000'000);
      } else {
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
      }
    });
    const auto cpu_of_work = [&] {
      return measured.read([&](const Ledger& ledger) {
        const auto* const its = ledger.find_node(3, flux::Role::node);
        return its == nullptr ? std::pair<std::uint64_t, std::uint64_t>{}
                              : std::pair{its->cpu.count(), its->cpu.total()};
      });
    };
    while (cpu_of_work().first == 0) {
      measured.run(2);
    }
    const auto [asked, burnt] = cpu_of_work();
    CHECK(burnt / asked >= 10'000'000);
    measured.profiler().clear();
    while (cpu_of_work().first == 0) {
      measured.run(4);
    }
    const auto [others, slept] = cpu_of_work();
    CHECK(slept / others < 5'000'000);
    let_work({});
  }

  TEST_CASE("one flow in 64 is asked for its processor time, more or less") {
    Measured measured;
    measured.profiler().start();
    for (int number = 0; number < 64'000; ++number) {
      measured.run(1);
    }
    const std::uint64_t asked = measured.read(
        [](const Ledger& ledger) { return ledger.paths().begin()->second.cpu.count(); });
    CHECK(asked > 800);
    CHECK(asked < 1200);
  }

  TEST_CASE("a flow that waits to be carried lives, and is queued") {
    Measured measured;
    measured.profiler().start();
    auto task = measured.turned(3);
    const auto [flows, more] = measured.profiler().live(10);
    REQUIRE(flows.size() == 1);
    CHECK(flows.front().is_queued);
    CHECK(flows.front().node == std::string{"Listen"});
    CHECK(more == 0);
  }

  TEST_CASE("a flow that is dropped is forgotten") {
    Measured measured;
    measured.profiler().start();
    measured.turned(3).reset();
    CHECK(measured.profiler().live(10).first.empty());
    CHECK(measured.count(Outcome::finished) == 0);
  }

  TEST_CASE("of many flows the oldest are shown, and the others counted") {
    Measured measured;
    measured.profiler().start();
    std::vector<std::unique_ptr<flux::Task>> tasks;
    for (int number = 0; number < 5; ++number) {
      tasks.push_back(measured.turned(3));
    }
    const auto [flows, more] = measured.profiler().live(2);
    CHECK(flows.size() == 2);
    CHECK(flows.front().age >= flows.back().age);
    CHECK(more == 3);
  }

  TEST_CASE("a flow that began while it was on counts, even if it is off when it ends") {
    Measured measured;
    measured.profiler().start();
    auto task = measured.turned(1);
    measured.profiler().stop();
    measured.endings().carry(std::move(task));
    measured.run(1);
    CHECK(measured.count(Outcome::finished) == 1);
  }

  TEST_CASE("what is cleared is counted anew") {
    Measured measured;
    measured.profiler().start();
    measured.run(1);
    measured.profiler().clear();
    CHECK(measured.count(Outcome::finished) == 0);
    measured.run(1);
    CHECK(measured.count(Outcome::finished) == 1);
  }

  TEST_CASE("paths beyond those that it keeps are counted together") {
    const std::vector<flux::Source> sources(1);
    Ledger ledger;
    for (std::uint64_t number = 0; number < flux::profile::most_paths + 10; ++number) {
      ledger.path({sources.data(), number, Outcome::finished}).wall.add(1);
    }
    CHECK(ledger.paths().size() == flux::profile::most_paths + 1);
    CHECK(ledger.path({sources.data(), std::nullopt, Outcome::finished}).wall.count() == 10);
  }
}
