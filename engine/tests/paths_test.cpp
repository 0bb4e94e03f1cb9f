#include <doctest/doctest.h>

#include <flux/paths.hpp>
#include <flux/source.hpp>
#include <set>
#include <stdexcept>
#include <string>

using flux::Paths;

namespace {

// source Listen {session: ById} => Serve;   Serve = Find -> Find -> Tell;
// Find:[hit] = ;   Find:[_] = Fetch;   handle error Find -> Rescue;
Paths paths() {
  using namespace flux::path_tables;
  const flux::Ways handled{2, 0, 2};
  return {.routines =
              {
                  {{2, 2, 0},
                   {dispatch("Find",
                             {{"Find:[hit]", 0, 0, {}},
                              {"Find:[_]", 1, -1, {call("Fetch", -1, {1, 1, 1, 0})}}},
                             -1)}},
                  {handled,
                   {handle("Find", "Rescue", -1, {}, {2, 2, 0}, {1, 0, 0}, {call("Find", 0, {})})}},
                  {{4, 4, 6},
                   {call("Find", 1, {0, 1, 0, 0}), call("Find", 1, {0, 2, 0, 2}),
                    call("Tell", -1, {0, 4, 0, 6})}},
                  {{1, 2, 0}, {call("Listen", -1, {}), session("ById", {0, 1, 1, 0})}},
              },
          .sources = {{"Listen", "Serve", 3, 2}}};
}

}  // namespace

TEST_CASE("succeeded paths come first") {
  CHECK(paths().name("Listen", 0) == "Listen -> Find:[hit] -> Find:[hit] -> Tell");
  CHECK(paths().name("Listen", 1) == "Listen -> Find:[_] -> Fetch -> Find:[hit] -> Tell");
  CHECK(paths().name("Listen", 2) == "Listen -> Find:[hit] -> Find:[_] -> Fetch -> Tell");
}

TEST_CASE("failed paths follow, those of the turn before those of the flow") {
  CHECK(paths().name("Listen", 4) == "Listen fails");
  CHECK(paths().name("Listen", 5) == "Listen -> ById fails");
  CHECK(paths().name("Listen", 6) == "Listen -> Find:[hit] -> Find:[hit] -> Tell fails");
}

TEST_CASE("handled paths come last, and go on through the handler") {
  CHECK(paths().name("Listen", 10) == "Listen -> Find:[hit] can't be tested -> Rescue");
  CHECK(paths().name("Listen", 11) == "Listen -> Find:[_] -> Fetch fails -> Rescue");
  CHECK(paths().name("Listen", 15) ==
        "Listen -> Find:[_] -> Fetch -> Find:[_] -> Fetch fails -> Rescue");
}

TEST_CASE("each number is a path of its own") {
  std::set<std::string> names;
  for (std::uint64_t number = 0; number < 16; ++number) {
    names.insert(paths().name("Listen", number));
  }
  CHECK(names.size() == 16);
  CHECK_THROWS_AS(paths().name("Listen", 16), std::out_of_range);
}

TEST_CASE("without tables paths have no names") { CHECK(Paths{}.name("Listen", 3).empty()); }

TEST_CASE("no match is the end of a path") {
  using namespace flux::path_tables;
  const Paths tables{
      .routines = {{{1, 3, 0},
                    {dispatch("Choose", {{"Choose:[good]", 0, 0, {call("Work", -1, {0, 1, 1, 0})}}},
                              2)}},
                   {{1, 1, 0}, {call("Listen", -1, {})}}},
      .sources = {{"Listen", "Choose", 1, 0}}};
  CHECK(tables.name("Listen", 2) == "Listen -> Choose:[good] can't be tested");
  CHECK(tables.name("Listen", 3) == "Listen -> Choose:[good] -> Work fails");
  CHECK(tables.name("Listen", 4) == "Listen -> Choose: no match");
}

namespace {

flux::Source numbered(flux::Ways turn, flux::Ways flow) {
  return {"Listen", "Serve", nullptr, turn, flow};
}

}  // namespace

TEST_CASE("the path of a flow puts the ways of turn and flow together") {
  const flux::Source source = numbered({3, 2, 1}, {4, 4, 6});
  flux::Flow flow;
  flow.turn = 2;
  flow.path = 3;
  CHECK(source.path(flow, flux::succeeded) == 2 + 3 * 3);
  flow.way = 1;
  CHECK(source.path(flow, flux::failed) == 12 + 2 + 2 + 3 * 1);
  CHECK(source.path(flow, flux::ended) == 12 + (2 + 3 * 4) + 1 + 2 + 3 * 1);
}

TEST_CASE("a failed turn has a path") {
  const flux::Source source = numbered({3, 2, 1}, {4, 4, 6});
  flux::Flow flow;
  flow.way = 1;
  CHECK(source.path(flow, flux::failed) == 12 + 1);
  flow.way = 0;
  CHECK(source.path(flow, flux::ended) == 12 + 14);
}

TEST_CASE("paths that are too many have no numbers") {
  const std::uint64_t half = std::uint64_t{1} << 32;
  const flux::Flow flow;
  CHECK(numbered({half - 1, 0, 0}, {half / 2, 0, 0}).path(flow, flux::succeeded).has_value());
  CHECK_FALSE(numbered({half, 0, 0}, {half / 2, 0, 0}).path(flow, flux::succeeded));
  CHECK_FALSE(numbered({half, 1, 0}, {half, 1, 0}).path(flow, flux::succeeded));
}
