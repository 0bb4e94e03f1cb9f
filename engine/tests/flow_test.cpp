#include <doctest/doctest.h>
#include <pthread.h>

#include <flux/flow.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

using flux::Flow;
using flux::Way;

namespace {

struct Seen {
  std::string node{};
  int code = 0;
  std::string text{};
  bool exception = false;
  std::string value{};
};

Seen seen;

int Succeeds(std::string text, std::string* out) {
  *out = text + "!";
  return 0;
}

int Fails(int code) { return code; }

int Throws() { throw std::runtime_error{"broken"}; }

int ThrowsNumber() { throw 5; }

int Exits() { pthread_exit(nullptr); }

bool IsEven(int number) { return number % 2 == 0; }

bool CannotTell(int) { throw std::runtime_error{"no idea"}; }

std::uint64_t ById(int number) {
  if (number < 0) {
    throw std::runtime_error{"nobody"};
  }
  return static_cast<std::uint64_t>(number);
}

int Rescue(std::string value, int* /*unread*/) {
  const flux_error* const error = flux_current_error();
  seen = {error->node, error->code, error->text, flux::current_exception() != nullptr, value};
  return 0;
}

int RescueFails(std::string) { return 9; }

Way Choose(Flow& flow, int number) {
  flow.path += static_cast<std::uint64_t>(number);
  return flux::succeeded;
}

Way RescueByCases(Flow& flow, std::string) {
  flow.path += 1;
  return flow.run<Fails>(8);
}

Way HandlesItsOwn(Flow& flow, std::string value) {
  if (auto kept = flux::copies(value); auto way = flow.run<Fails>(3)) {
    return flow.handle<Rescue>(way, {}, kept);
  }
  return flux::succeeded;
}

void name_all() {
  flux::node<Fails>.call("Fails", 1);
  flux::node<Throws>.call("Throws", 1);
  flux::node<ById>.call("ById", 1);
  flux::node<CannotTell>.call("CannotTell", 1);
  flux::node<RescueFails>.call("RescueFails", 1);
}

}  // namespace

TEST_CASE("a node that gives 0 succeeds, and its inputs are moved out") {
  Flow flow;
  std::string text = "a text that is too long to be kept within a string itself";
  const std::string expected = text + "!";
  const Way way = flow.run<Succeeds>(text, &text);
  CHECK(way == flux::succeeded);
  CHECK(text == expected);
}

TEST_CASE("a node that gives a code fails with it") {
  name_all();
  Flow flow;
  CHECK(flow.run<Fails>(5) == flux::failed);
  CHECK(flow.error().code == 5);
  CHECK(std::string{flow.error().node} == "Fails");
  CHECK(flux::describe(flow.error()) == "error 5");
}

TEST_CASE("an exception is the error of its node") {
  name_all();
  Flow flow;
  CHECK(flow.run<Throws>() == flux::failed);
  CHECK(flow.error().code == FLUX_EXCEPTION);
  CHECK(flux::describe(flow.error()) == "std::runtime_error: broken");
}

TEST_CASE("what is thrown needn't be an exception") {
  Flow flow;
  CHECK(flow.run<ThrowsNumber>() == flux::failed);
  CHECK(flux::describe(flow.error()) == "int");
}

TEST_CASE("a forced unwind passes") {
  bool passed = true;
  std::thread{[&] {
    Flow flow;
    static_cast<void>(flow.run<Exits>());
    passed = false;
  }}.join();
  CHECK(passed);
}

TEST_CASE("FLUX_END ends a source only from the node that opens the turn") {
  Flow flow;
  CHECK(flow.open<Fails>(FLUX_END) == flux::over);
  CHECK_FALSE(flow.opening_has_failed());
  CHECK(flow.run<Fails>(FLUX_END) == flux::failed);
  CHECK(flux::describe(flow.error()) == "FLUX_END");
}

TEST_CASE("a flow knows whether the opening of its turn has failed") {
  Flow flow;
  CHECK(flow.run<Fails>(1) == flux::failed);
  CHECK_FALSE(flow.opening_has_failed());
  CHECK(flow.open<Throws>() == flux::failed);
  CHECK(flow.opening_has_failed());
}

TEST_CASE("the session function names the session, or fails") {
  name_all();
  Flow flow;
  CHECK(flow.ask<ById>(7) == flux::succeeded);
  CHECK(flow.session == 7);
  CHECK(flow.ask<ById>(-1) == flux::failed);
  CHECK(flow.error().code == FLUX_NO_SESSION);
  CHECK(flow.error().text == "nobody");
}

TEST_CASE("predicates are asked until one fails") {
  name_all();
  Flow flow;
  CHECK(flow.test<IsEven>(2));
  CHECK_FALSE(flow.test<IsEven>(3));
  CHECK(flow.test<CannotTell>(3));
  CHECK(flow.failing());
  CHECK(flow.test<IsEven>(3));
  CHECK(flow.fail(4) == flux::failed);
  CHECK(flow.way == 4);
  CHECK_FALSE(flow.failing());
  CHECK(std::string{flow.error().node} == "CannotTell");
}

TEST_CASE("no match is an error with a text") {
  Flow flow;
  CHECK(flow.no_match("Choose", 2) == flux::failed);
  CHECK(flow.way == 2);
  CHECK(flow.error().code == FLUX_NO_MATCH);
  CHECK(flow.error().text == "no case of `Choose` matches its inputs");
}

TEST_CASE("leaving a step adds what came before it to its way") {
  Flow flow;
  flow.path = 7;
  flow.way = 2;
  CHECK(flow.leave(flux::failed, {.base = 4, .weight = 5, .failed = 100}) == flux::failed);
  CHECK(flow.way == 100 + 3 + 5 * 2);
  flow.way = 2;
  CHECK(flow.leave(flux::ended, {.base = 4, .weight = 1, .failed = 100, .ended = 50}) ==
        flux::ended);
  CHECK(flow.way == 50 + 2);
  CHECK(flow.leave(flux::over, {.failed = 9}) == flux::over);
  CHECK(flow.way == 52);
}

TEST_CASE("a routine that is weighed has a register of its own") {
  Flow flow;
  flow.path = 3;
  CHECK(flow.weigh<Choose>(4, 2) == flux::succeeded);
  CHECK(flow.path == 3 + 4 * 2);
}

TEST_CASE("a handler sees the error, and gets what was kept") {
  name_all();
  Flow flow;
  CHECK(flow.run<Throws>() == flux::failed);
  auto kept = flux::copies(std::string{"input"});
  CHECK(flow.handle<Rescue>(flux::failed, {}, kept) == flux::ended);
  CHECK(seen.node == "Throws");
  CHECK(seen.code == FLUX_EXCEPTION);
  CHECK(seen.text == "broken");
  CHECK(seen.exception);
  CHECK(seen.value == "input");
  CHECK_FALSE(flow.handler_has_failed());
  CHECK(flux_current_error() == nullptr);
  CHECK(flux::current_exception() == nullptr);
}

TEST_CASE("a handler's failure is the error of the flow") {
  name_all();
  Flow flow;
  CHECK(flow.run<Fails>(5) == flux::failed);
  auto kept = flux::copies(std::string{});
  CHECK(flow.handle<RescueFails>(flux::failed, {}, kept) == flux::ended);
  CHECK(flow.handler_has_failed());
  CHECK(std::string{flow.error().node} == "RescueFails");
}

TEST_CASE("a handler that is handled itself leaves no error") {
  Flow flow;
  CHECK(flow.run<Fails>(5) == flux::failed);
  auto kept = flux::copies(std::string{"input"});
  CHECK(flow.handle<HandlesItsOwn>(flux::failed, {.handling = {1, 0, 1}}, kept) == flux::ended);
  CHECK_FALSE(flow.handler_has_failed());
  CHECK(seen.code == 3);
}

TEST_CASE("the way of a handled step says how the handler went, and the register stays") {
  Flow flow;
  flow.path = 6;
  CHECK(flow.run<Fails>(5) == flux::failed);
  auto kept = flux::copies(std::string{});
  const flux::Handling handling{.numbers = {.base = 4, .weight = 3, .ended = 1000},
                                .handled = {1, 2, 10},
                                .handling = {2, 5, 0}};
  CHECK(flow.handle<RescueByCases>(flux::failed, handling, kept) == flux::ended);
  const std::uint64_t handler = 2 + 0;
  const std::uint64_t own = 10 + 0 + 2 * handler;
  CHECK(flow.way == 1000 + (6 - 4) + 3 * own);
  CHECK(flow.path == 6);
}

TEST_CASE("only failures are handled") {
  Flow flow;
  flow.way = 1;
  seen.value = "nothing";
  auto kept = flux::copies(std::string{"input"});
  CHECK(flow.handle<Rescue>(flux::over, {}, kept) == flux::over);
  CHECK(flow.handle<Rescue>(flux::ended, {.numbers = {.ended = 7}}, kept) == flux::ended);
  CHECK(flow.way == 8);
  CHECK(seen.value == "nothing");
}
