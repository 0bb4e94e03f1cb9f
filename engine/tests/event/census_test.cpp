#include "event/census.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <flux/server.hpp>
#include <string>
#include <thread>

#include "../latch.hpp"
#include "../programs.hpp"
#include "busy.hpp"
#include "caught_stderr.hpp"
#include "event/loop.hpp"

using flux::Constraint;
using flux::Flow;
using flux::Options;
using flux::Server;
using flux::Way;
using flux::tests::act;
using flux::tests::busy_until;
using flux::tests::CaughtStderr;
using flux::tests::eventually;
using flux::tests::program;
using flux::tests::up_to;

namespace {

const Options on_one_loop{.runtime = flux::RuntimeKind::event};

// Two flows: the first reads from a pipe and holds the table, which the second waits for.
std::array<int, 2> pipes{};
int given = 0;
Constraint table{"table"};
flux::SessionConstraint cart{"cart"};

int Listen(int* number) { return (*number = ++given) > 2 ? FLUX_END : 0; }

int Read(int) {
  char byte = 0;
  return read(pipes[0], &byte, 1) == 1 ? 0 : 1;
}

std::uint64_t Customer(const int&) { return 7; }

Way listen(Flow& flow, int* number) { return flow.open<Listen>(number); }

Way serve(Flow& flow, int number) {
  if (auto way = flow.ask<Customer>(number)) return way;
  const flux::Hold hold{flow, cart.reader()};
  return flux::Hold{flow, table.writer()}.run<Read>(number);
}

flux::Program reading() {
  using namespace flux::path_tables;
  given = 0;
  REQUIRE(pipe(pipes.data()) == 0);
  return {.name = "reading.flux",
          .sources = {flux::source("Listen", "Serve", listen, serve, {}, {})},
          .nodes = {flux::named<Listen>("Listen"), flux::named<Read>("Read")}};
}

void let_both_read() {
  CHECK(write(pipes[1], "ab", 2) == 2);
  CHECK(close(pipes[1]) == 0);
}

struct sigaction action_of(int signal) {
  struct sigaction action {};
  sigaction(signal, nullptr, &action);
  return action;
}

// What is done beside a server that runs, once its flows are there.
class Beside {
 public:
  template <class Work>
  Beside(const Server& server, std::uint64_t flows, Work work)
      : thread_{[&server, flows, work] {
          CHECK(eventually([&] { return server.counters().started == flows; }));
          work();
        }} {}

 private:
  std::jthread thread_;
};

}  // namespace

TEST_CASE("SIGUSR1 lists what live flows hold and await") {
  const CaughtStderr caught;
  Server server{reading(), on_one_loop};
  const Beside beside{server, 2, [&] {
                        const auto is_told = [&] {
                          kill(getpid(), SIGUSR1);
                          return caught.has("awaits read") && caught.has("awaits table");
                        };
                        CHECK(eventually(is_told));
                        let_both_read();
                      }};
  CHECK(server.run() == 0);
  close(pipes[0]);
  CHECK(caught.has("flux: loop 0 carries 2 flows\n"));
  CHECK(caught.has("flux: loop 0: Listen => Serve, in Read, 0."));
  CHECK(caught.has(" s old, holds cart(7)?, table, awaits read of descriptor " +
                   std::to_string(pipes[0]) + "\n"));
  CHECK(caught.has(" s old, holds cart(7)?, awaits table\n"));
}

TEST_CASE("a loop that can't list its flows says so, and what keeps it") {
  const CaughtStderr caught;
  act({.listen = up_to(1), .work = [&](int) {
         kill(getpid(), SIGUSR1);
         CHECK(busy_until([&] {
           return caught.has("loop 0 can't tell yet what it carries: it is busy in Work of Listen");
         }));
         return 0;
       }});
  Options unwatched = on_one_loop;
  unwatched.stall = 0;
  Server server{program(), unwatched};
  CHECK(server.run() == 0);
}

TEST_CASE("SIGUSR1 does again what it did before when the server has ended") {
  signal(SIGUSR1, SIG_IGN);
  {
    act({.listen = up_to(1),
         .work = [](int) { return action_of(SIGUSR1).sa_handler == SIG_IGN ? 1 : 0; }});
    Server server{program(), on_one_loop};
    CHECK(server.run() == 0);
    CHECK(server.counters().finished == 1);
  }
  CHECK((action_of(SIGUSR1).sa_handler == SIG_IGN));
  signal(SIGUSR1, SIG_DFL);
}

TEST_CASE("a program's own handler of SIGUSR1 stays") {
  const auto own = [](int) {};
  act({.listen = up_to(1),
       .work = [own](int) { return action_of(SIGUSR1).sa_handler == +own ? 0 : 1; },
       .init =
           [own](int, char**) {
             signal(SIGUSR1, own);
             return 0;
           }});
  {
    Server server{program(), on_one_loop};
    CHECK(server.run() == 0);
    CHECK(server.counters().finished == 1);
  }
  signal(SIGUSR1, SIG_DFL);
}

TEST_CASE("a loop lists a thousand fibers at most") {
  flux::event::Loop loop{0, 64 * 1024};
  constexpr std::size_t more = 5;
  for (std::size_t each = 0; each < flux::event::most_listed + more; ++each) {
    loop.spawn([](void*) {}, nullptr);
  }
  const std::string list = flux::event::list(loop);
  CHECK(std::count(list.begin(), list.end(), '\n') == flux::event::most_listed + 2);
  CHECK(list.ends_with("flux: loop 0: ... and 5 more\n"));
  loop.stop();
  loop.run();
}

TEST_CASE("a loop that carries nothing says that") {
  const flux::event::Loop loop{0, 64 * 1024};
  CHECK(flux::event::list(loop) == "flux: loop 0 carries 0 flows\n");
}
