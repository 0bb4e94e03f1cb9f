#include "reports.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Lines = std::vector<std::string>;

// Reports whose lines are kept, and whose time stands still unless it is moved.
struct Told {
  Lines lines{};
  std::chrono::steady_clock::time_point now{};
  flux::Reports reports{[this] { return now; },
                        [this](const std::string& line) { lines.push_back(line); }};

  void fail(int times, const std::string& place = "Listen -> Work fails") {
    for (int time = 0; time < times; ++time) {
      reports.failure(place, {.node = "Work", .code = 5});
    }
  }
};

}  // namespace

TEST_CASE("an error is told with its place") {
  Told told;
  told.fail(1);
  CHECK(told.lines == Lines{"flux: Listen -> Work fails: error 5"});
}

TEST_CASE("an exception is told with its type and its text") {
  Told told;
  try {
    throw std::runtime_error{"broken"};
  } catch (...) {
    told.reports.failure("Listen -> Work fails", flux::caught("Work", FLUX_EXCEPTION));
  }
  CHECK(told.lines == Lines{"flux: Listen -> Work fails: std::runtime_error: broken"});
}

TEST_CASE("errors of one kind are told five at once, then one a second") {
  Told told;
  told.fail(100);
  CHECK(told.lines.size() == 5);
  told.now += std::chrono::seconds{1};
  told.fail(2);
  REQUIRE(told.lines.size() == 6);
  CHECK(told.lines.back() == "flux: Listen -> Work fails: error 5 (and 95 more like it)");
}

TEST_CASE("errors of other kinds are told all the same") {
  Told told;
  told.fail(100);
  told.fail(1, "Listen -> Other fails");
  CHECK(told.lines.back() == "flux: Listen -> Other fails: error 5");
}

TEST_CASE("what is untold is told at the end") {
  Told told;
  told.fail(8);
  told.reports.flush();
  CHECK(told.lines.back() == "flux: Listen -> Work fails: error 5: 3 more");
  told.reports.flush();
  CHECK(told.lines.size() == 6);
}

TEST_CASE("the kinds that are remembered are bounded") {
  Told told;
  for (int each = 0; each < 3'000; ++each) {
    told.fail(1, "place " + std::to_string(each));
  }
  CHECK(told.lines.size() == 1'005);
}

TEST_CASE("what comes from the network makes no lines of its own") {
  Told told;
  told.fail(1, "Work\n\x1b[31m");
  CHECK(told.lines == Lines{"flux: Work\\x0a\\x1b[31m: error 5"});
}
