// What the C++ codec makes of the cases that it shares with the Python one.

#include "http_cases.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace {

using namespace http_cases;

constexpr std::size_t most_cuts = 250;
constexpr std::string_view good = "GET / HTTP/1.0\r\n\r\n";

const std::vector<Case>& cases() {
  static const std::vector<Case> all = read_cases();
  return all;
}

std::vector<std::string> whole(const Case& one) {
  return outcome(one.limits, std::vector<std::string_view>{one.data});
}

}  // namespace

TEST_CASE("each case is read as the table says") {
  for (const Case& one : cases()) {
    CAPTURE(one.name);
    const auto found = whole(one);
    CAPTURE(found);
    CHECK(
        std::equal(found.begin(), found.end(), one.expected.begin(), one.expected.end(), conforms));
  }
}

TEST_CASE("each case is read the same when it is cut anywhere") {
  for (const Case& one : cases()) {
    CAPTURE(one.name);
    const std::string_view data = one.data;
    const auto expected = whole(one);
    for (std::size_t cut = 0; cut < data.size(); cut += 1 + data.size() / most_cuts) {
      CAPTURE(cut);
      const std::vector<std::string_view> pieces = {data.substr(0, cut), data.substr(cut)};
      REQUIRE(outcome(one.limits, pieces) == expected);
    }
  }
}

TEST_CASE("each case is read the same byte by byte") {
  for (const Case& one : cases()) {
    CAPTURE(one.name);
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at < one.data.size(); ++at) {
      pieces.push_back(std::string_view(one.data).substr(at, 1));
    }
    CHECK(outcome(one.limits, pieces) == whole(one));
  }
}

TEST_CASE("each case is read the same behind another request") {
  for (const Case& one : cases()) {
    CAPTURE(one.name);
    std::vector<std::string> expected{"GET / 1.0 closes"};
    for (auto& each : whole(one)) expected.push_back(std::move(each));
    const std::string both = std::string(good) + one.data;
    CHECK(outcome(one.limits, std::vector<std::string_view>{both}) == expected);
  }
}

TEST_CASE("the table has many cases") { CHECK(cases().size() > 600); }
