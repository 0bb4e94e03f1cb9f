#include <semaphore.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <set>

#include "stand_in.hpp"

namespace flux::tests {

namespace {

void* give(void* what) { return what; }

timespec now() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return time;
}

std::uint64_t blocked() {
  sigset_t signals;
  sigemptyset(&signals);
  pthread_sigmask(SIG_SETMASK, nullptr, &signals);
  return static_cast<std::uint64_t>(sigismember(&signals, SIGUSR1));
}

}  // namespace

TEST_CASE("threads share one thread of the system, which isn't the main one") {
  std::set<long> carriers;
  std::set<pthread_t> names;
  run_threads(times(50, [&](int) {
    carriers.insert(carrier());
    names.insert(pthread_self());
  }));
  CHECK(names.size() == 50);
  CHECK(carriers.size() == 1);
  CHECK_FALSE(carriers.contains(carrier()));
}

TEST_CASE("a thread is known to itself by the name that its maker was told") {
  pthread_t own{};
  const Started thread{[&] { own = pthread_self(); }};
  thread.join();
  CHECK(own == thread.name());
}

TEST_CASE("what a thread gives is told to who joins it") {
  int what = 7;
  void* got = nullptr;
  pthread_t name{};
  REQUIRE(pthread_create(&name, nullptr, give, &what) == 0);
  CHECK(pthread_join(name, &got) == 0);
  CHECK(got == &what);
}

TEST_CASE("a thread may end in the middle, and gives what it says then") {
  int what = 7;
  void* got = nullptr;
  pthread_t name{};
  const auto end = [](void* argument) -> void* { pthread_exit(argument); };
  REQUIRE(pthread_create(&name, nullptr, end, &what) == 0);
  CHECK(pthread_join(name, &got) == 0);
  CHECK(got == &what);
}

TEST_CASE("who joins itself, or doesn't want to wait, is told") {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  int joined_itself = 0;
  const Started thread{[&] {
    joined_itself = pthread_join(pthread_self(), nullptr);
    char byte = 0;
    [[maybe_unused]] const ssize_t got = read(ends[0], &byte, 1);
  }};
  const timespec late = now();
  CHECK(pthread_tryjoin_np(thread.name(), nullptr) == EBUSY);
  CHECK(pthread_timedjoin_np(thread.name(), nullptr, &late) == ETIMEDOUT);
  CHECK(write(ends[1], ".", 1) == 1);
  thread.join();
  CHECK(joined_itself == EDEADLK);
  for (const int each : ends) close(each);
}

TEST_CASE("threads that nobody joins leave nothing") {
  sem_t ended{};
  REQUIRE(sem_init(&ended, 0, 0) == 0);
  for (int each = 0; each < 100; ++each) {
    const Started thread{[&] { sem_post(&ended); }};
    CHECK(pthread_detach(thread.name()) == 0);
  }
  for (int each = 0; each < 100; ++each) CHECK(sem_wait(&ended) == 0);
  sem_destroy(&ended);
}

TEST_CASE("threads make threads") {
  int deepest = 0;
  std::function<void(int)> make = [&](int depth) {
    deepest = std::max(deepest, depth);
    pthread_t name{};
    std::pair<std::function<void(int)>*, int> told{&make, depth + 1};
    const auto run = [](void* argument) -> void* {
      const auto [body, its_depth] = *static_cast<decltype(told)*>(argument);
      (*body)(its_depth);
      return nullptr;
    };
    if (depth < 20 && pthread_create(&name, nullptr, run, &told) == 0) {
      pthread_join(name, nullptr);
    }
  };
  run_threads({[&] { make(1); }});
  CHECK(deepest == 20);
}

TEST_CASE("who asks for a large stack gets a thread of the system") {
  pthread_attr_t attributes;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  REQUIRE(pthread_attr_setstacksize(&attributes, std::size_t{16} << 20) == 0);
  std::array<long, 2> carriers{};
  const Started large{[&] { carriers[0] = carrier(); }, &attributes};
  large.join();
  run_threads({[&] { carriers[1] = carrier(); }});
  CHECK(carriers[0] != carriers[1]);
  pthread_attr_destroy(&attributes);
}

TEST_CASE("a thread blocks the signals that its maker blocks, and may unblock them for itself") {
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR1);
  std::array<std::uint64_t, 3> seen{};
  pthread_sigmask(SIG_BLOCK, &one, nullptr);
  run_threads({[&] {
                 seen[0] = blocked();
                 pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
                 sched_yield();
                 seen[1] = blocked();
               },
               [&] { seen[2] = blocked(); }});
  CHECK(seen == std::array<std::uint64_t, 3>{1, 0, 1});
  CHECK(blocked() == 1);
  pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
}

#ifndef __SANITIZE_THREAD__  // it can't follow children that make threads
TEST_CASE("a child goes on with the thread that made it, and has threads of its own") {
  int status = 0;
  run_threads({[&] {
    const pthread_t own = pthread_self();
    const pid_t child = fork();
    if (child == 0) {
      long carried = 0;
      const Started thread{[&] { carried = carrier(); }};
      pthread_join(thread.name(), nullptr);
      _exit(pthread_self() == own && carried != 0 && carried != carrier() ? 7 : 8);
    }
    waitpid(child, &status, 0);
  }});
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 7);
}
#endif

}  // namespace flux::tests
