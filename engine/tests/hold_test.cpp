#include <doctest/doctest.h>

#include <atomic>
#include <flux/hold.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "latch.hpp"

using flux::Constraint;
using flux::Flow;
using flux::Hold;
using flux::SessionConstraint;

namespace {

// Writes down what is taken and given back, in the words of the conformance suite.
struct Recorder : flux::Observer {
  void taken(const char* constraint, bool reader,
             std::optional<std::uint64_t> session) noexcept override {
    told += "+" + name(constraint, session) + (reader ? "? " : " ");
  }

  void given_back(const char* constraint, bool,
                  std::optional<std::uint64_t> session) noexcept override {
    told += "-" + name(constraint, session) + " ";
  }

  static std::string name(const char* constraint, std::optional<std::uint64_t> session) {
    return constraint + (session ? "(" + std::to_string(*session) + ")" : "");
  }

  std::string told{};
};

std::string* noted = nullptr;

int Note(int number) {
  *noted += "Note ";
  return number;
}

}  // namespace

TEST_CASE("constraints are taken in the order given, and given back in reverse") {
  Recorder recorder;
  Flow flow{&recorder};
  flow.session = 7;
  Constraint cache{"cache"};
  SessionConstraint cart{"cart"};
  { const Hold hold{flow, cache.reader(), cart.writer()}; }
  CHECK(recorder.told == "+cache? +cart(7) -cart(7) -cache ");
}

TEST_CASE("constraints are given back when an exception passes") {
  Flow flow;
  Constraint cache{"cache"};
  try {
    const Hold hold{flow, cache.writer()};
    throw std::runtime_error{"broken"};
  } catch (const std::runtime_error&) {
  }
  const Hold again{flow, cache.writer()};
}

TEST_CASE("a node that runs on a hold is over when the constraint is given back") {
  Recorder recorder;
  noted = &recorder.told;
  Flow flow{&recorder};
  Constraint cache{"cache"};
  const flux::Way way = Hold{flow, cache.writer()}.run<Note>(5);
  CHECK(way == flux::failed);
  CHECK(recorder.told == "+cache Note -cache ");
}

TEST_CASE("session constraints exclude flows of the same session") {
  SessionConstraint cart{"cart"};
  long number = 0;
  std::vector<std::jthread> threads;
  for (int each = 0; each < 4; ++each) {
    threads.emplace_back([&] {
      Flow flow;
      flow.session = 7;
      for (int time = 0; time < 5'000; ++time) {
        const Hold hold{flow, cart.writer()};
        ++number;
      }
    });
  }
  threads.clear();
  CHECK(number == 20'000);
}

TEST_CASE("session constraints don't exclude flows of other sessions") {
  SessionConstraint cart{"cart"};
  Flow first;
  const Hold hold{first, cart.writer()};
  std::size_t most = 0;
  for (std::uint64_t session = 1; session <= 10'000; ++session) {
    Flow other;
    other.session = session;
    const Hold beside{other, cart.writer()};
    most = std::max(most, cart.live());
    if (session > 100) {
      break;
    }
  }
  CHECK(most == 2);
}

TEST_CASE("a session's lock lives while a flow holds or awaits it") {
  SessionConstraint cart{"cart"};
  std::jthread waiting;
  {
    Flow flow;
    const Hold hold{flow, cart.writer()};
    waiting = std::jthread{[&] {
      Flow second;
      const Hold next{second, cart.writer()};
    }};
    CHECK(cart.live() == 1);
  }
  waiting.join();
  CHECK(cart.live() == 0);
}

TEST_CASE("readers of a session hold it together") {
  SessionConstraint cart{"cart"};
  std::atomic<int> inside{0};
  std::atomic<int> together{0};
  std::vector<std::jthread> threads;
  for (int each = 0; each < 2; ++each) {
    threads.emplace_back([&] {
      Flow flow;
      const Hold hold{flow, cart.reader()};
      ++inside;
      together += flux::tests::eventually([&] { return inside == 2; });
    });
  }
  threads.clear();
  CHECK(together == 2);
}
