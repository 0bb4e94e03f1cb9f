// What fibers cost, and calls made on them, against the same on threads.

#include <pthread.h>
#include <sys/socket.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <flux/program.hpp>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "event/calls/calls.hpp"
#include "event/context.hpp"
#include "event/locks/locks.hpp"
#include "event/loop.hpp"
#include "figures.hpp"

namespace {

using flux::event::Loop;

constexpr std::int64_t times = 200'000;
constexpr std::int64_t hand_overs = 20'000;
constexpr std::size_t stack_size = 256 * 1024;

using Work = std::function<void()>;

// Run each on a fiber of one loop, until all have ended.
void on_fibers(std::vector<Work> all) {
  Loop loop{0, stack_size};
  struct Body {
    Loop& loop;
    Work work;
    std::size_t& left;
  };
  std::size_t left = all.size();
  std::vector<Body> bodies;
  for (Work& each : all) bodies.push_back({loop, std::move(each), left});
  for (Body& each : bodies) {
    loop.spawn(
        [](void* argument) {
          auto& [its_loop, work, still] = *static_cast<Body*>(argument);
          work();
          if (--still == 0) its_loop.stop();
        },
        &each);
  }
  loop.run();
}

void on_threads(std::vector<Work> all) {
  std::vector<std::thread> threads;
  for (Work& each : all) threads.emplace_back(std::move(each));
  for (std::thread& each : threads) each.join();
}

// The time of one of so many, on this thread or on one fiber.
template <class Once>
double time_of_each(Once once) {
  const auto start = ThreadClock::now();
  for (std::int64_t i = 0; i < times; ++i) once();
  return share(start, times);
}

template <class Once>
void compare(Figures& figures, const std::string& name, Once once) {
  figures.emplace_back(name + ", on a thread", time_of_each(once));
  on_fibers({[&] { figures.emplace_back(name + ", on a fiber", time_of_each(once)); }});
}

double time_of_switch() {
  const auto give_way = [] {
    for (std::int64_t i = 0; i < times; ++i) Loop::current()->yield();
  };
  const auto start = ThreadClock::now();
  on_fibers({give_way, give_way});
  return share(start, 2 * times);
}

ucontext_t here;
ucontext_t there;

void come_back() {
  while (true) swapcontext(&there, &here);
}

double time_of_swapcontext() {
  std::vector<char> stack(stack_size);
  getcontext(&there);
  there.uc_stack.ss_sp = stack.data();
  there.uc_stack.ss_size = stack.size();
  makecontext(&there, come_back, 0);
  return time_of_each([] { swapcontext(&here, &there); }) / 2;
}

flux::event::Context home;
flux::event::Context away;

double time_of_context() {
  std::vector<char> stack(stack_size);
  const auto answer = [](void*) {
    while (true) flux::event::flux_switch_context(&away, home);
  };
  away = flux::event::make_context(stack.data() + stack.size(), stack.size(), answer, nullptr);
  return time_of_each([] { flux::event::flux_switch_context(&home, away); }) / 2;
}

double time_of_fiber() {
  double time = 0;
  on_fibers({[&] { time = time_of_each([] { Loop::current()->spawn([](void*) {}, nullptr); }); }});
  return time;
}

// Two take turns, each waiting for the other on a condition variable.
template <class Carrier>
double time_of_turn(Carrier carry) {
  std::mutex mutex;
  std::condition_variable changed;
  std::int64_t turn = 0;
  const auto take_turns = [&](std::int64_t own) {
    for (std::int64_t i = 0; i < hand_overs; ++i) {
      std::unique_lock lock{mutex};
      changed.wait(lock, [&] { return turn % 2 == own; });
      ++turn;
      changed.notify_one();
    }
  };
  const auto start = std::chrono::steady_clock::now();
  carry({[&] { take_turns(0); }, [&] { take_turns(1); }});
  return share(start, 2 * hand_overs);
}

// A connection of two sockets, as long as it lives.
struct Ends {
  Ends() {
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) std::abort();
  }
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;
  ~Ends() {
    for (const int each : ends) close(each);
  }
  std::array<int, 2> ends;
};

void send_byte(int descriptor) {
  if (send(descriptor, "x", 1, 0) != 1) std::abort();
}

void receive_byte(int descriptor) {
  char byte = 0;
  if (recv(descriptor, &byte, 1, 0) != 1) std::abort();
}

// Two send each other a byte in turn, and wait for it.
template <class Carrier>
double time_of_answer(Carrier carry) {
  const Ends pair;
  const auto answer = [&](std::size_t own, bool begins) {
    if (begins) send_byte(pair.ends[own]);
    for (std::int64_t i = 0; i < hand_overs; ++i) {
      receive_byte(pair.ends[own]);
      if (!begins || i + 1 < hand_overs) send_byte(pair.ends[own]);
    }
  };
  const auto start = std::chrono::steady_clock::now();
  carry({[&] { answer(0, true); }, [&] { answer(1, false); }});
  return share(start, 2 * hand_overs);
}

// A constraint whose flows share a thread, where no operation need be atomic.
double time_of_constraint() {
  static flux::Constraint constraint{"constraint"};
  flux::Flow flow;
  flux::on_one_thread = true;
  const double time = time_of_each([&] { const flux::Hold held{flow, constraint.writer()}; });
  flux::on_one_thread = false;
  return time;
}

void add_locks(Figures& figures) {
  std::mutex mutex;
  std::recursive_mutex recursive;
  compare(figures, "std::mutex", [&] { const std::lock_guard held{mutex}; });
  compare(figures, "std::recursive_mutex", [&] { const std::lock_guard held{recursive}; });
  figures.emplace_back("constraint of one loop, writer", time_of_constraint());
  figures.emplace_back("a turn by condition variable, two threads", time_of_turn(on_threads));
  figures.emplace_back("a turn by condition variable, two fibers", time_of_turn(on_fibers));
}

void add_calls(Figures& figures) {
  const Ends pair;
  compare(figures, "send and recv of a byte that is there", [&] {
    send_byte(pair.ends[0]);
    receive_byte(pair.ends[1]);
  });
  figures.emplace_back("an answer by socket, two threads", time_of_answer(on_threads));
  figures.emplace_back("an answer by socket, two fibers", time_of_answer(on_fibers));
}

}  // namespace

Figures fibers() {
  flux::event::link_calls();
  flux::event::link_locks();
  Figures figures;
  figures.emplace_back("a switch, swapcontext", time_of_swapcontext());
  figures.emplace_back("a switch, ours", time_of_context());
  figures.emplace_back("a yield, by way of the loop", time_of_switch());
  figures.emplace_back("a fiber that is made, runs and ends", time_of_fiber());
  add_locks(figures);
  add_calls(figures);
  return figures;
}
