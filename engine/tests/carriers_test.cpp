#include <doctest/doctest.h>

#include <atomic>
#include <cerrno>
#include <mutex>
#include <thread>
#include <vector>

#include "event.hpp"
#include "latch.hpp"
#include "places.hpp"
#include "pool.hpp"
#include "programs.hpp"
#include "task_queue.hpp"
#include "thread.hpp"

using flux::Event;
using flux::Outcome;
using flux::tests::act;
using flux::tests::eventually;
using flux::tests::task;

namespace {

using Numbers = std::vector<int>;

// Carries tasks, and notes their numbers.
class Notes {
 public:
  flux::Carry carry() {
    return [this](std::unique_ptr<flux::Task> carried) {
      return carried->run() ? Outcome::failed : Outcome::finished;
    };
  }

  void note(int number) {
    const std::scoped_lock guarded{guard_};
    numbers_.push_back(number);
  }

  Numbers numbers() {
    const std::scoped_lock guarded{guard_};
    return numbers_;
  }

 private:
  std::mutex guard_{};
  Numbers numbers_{};
};

}  // namespace

TEST_CASE("the queue is first in, first out, and what is left is dropped at its end") {
  flux::TaskQueue queue{10};
  auto first = task(1);
  auto second = task(2);
  flux::Task* const first_address = first.get();
  flux::Task* const second_address = second.get();
  queue.push(std::move(first));
  queue.push(std::move(second));
  queue.push(task(3));
  CHECK(queue.pop().get() == first_address);
  CHECK(queue.pop().get() == second_address);
}

TEST_CASE("a closed queue gives what it has, then nothing, and takes nothing") {
  flux::TaskQueue queue{10};
  queue.push(task(1));
  queue.close();
  queue.push(task(2));
  CHECK(queue.pop() != nullptr);
  CHECK(queue.pop() == nullptr);
}

TEST_CASE("who is too many for the queue waits until half of it is free") {
  flux::TaskQueue queue{4};
  for (int number = 0; number < 4; ++number) {
    queue.push(task(number));
  }
  std::atomic<bool> in{false};
  std::jthread late{[&, extra = task(5)]() mutable {
    queue.push(std::move(extra));
    in = true;
  }};
  CHECK(queue.pop() != nullptr);
  CHECK_FALSE(in);
  CHECK(queue.pop() != nullptr);
  late.join();
  CHECK(in);
}

TEST_CASE("no task is lost between many hands") {
  flux::TaskQueue queue{16};
  std::atomic<int> popped{0};
  std::vector<std::jthread> workers;
  for (int each = 0; each < 3; ++each) {
    workers.emplace_back([&] {
      while (queue.pop()) {
        ++popped;
      }
    });
  }
  for (int number = 0; number < 20'000; ++number) {
    queue.push(task(number));
  }
  queue.close();
  workers.clear();
  CHECK(popped == 20'000);
}

TEST_CASE("one worker runs flows in their order") {
  Notes notes;
  act({.work = [&](int number) {
    notes.note(number);
    return 0;
  }});
  Event idle;
  flux::Pool pool{notes.carry(), [&] { idle.set(); }, 1, 2};
  pool.start();
  for (int number = 1; number <= 5; ++number) {
    pool.submit(task(number));
  }
  pool.close();
  idle.wait();
  CHECK(notes.numbers() == Numbers{1, 2, 3, 4, 5});
  CHECK(pool.ends().finished == 5);
}

TEST_CASE("workers work beside each other") {
  Notes notes;
  std::atomic<int> inside{0};
  act({.work = [&](int) {
    ++inside;
    return eventually([&] { return inside == 2; }) ? 0 : 1;
  }});
  Event idle;
  flux::Pool pool{notes.carry(), [&] { idle.set(); }, 2, 2};
  pool.start();
  pool.submit(task(1));
  pool.submit(task(2));
  pool.close();
  idle.wait();
  CHECK(pool.ends().finished == 2);
}

TEST_CASE("the pool forgets what it has not begun when it is cut") {
  Notes notes;
  Event begun;
  Event go_on;
  act({.work = [&](int number) {
    begun.set();
    go_on.wait();
    notes.note(number);
    return 0;
  }});
  Event idle;
  flux::Pool pool{notes.carry(), [&] { idle.set(); }, 1, 10};
  pool.start();
  pool.submit(task(1));
  pool.submit(task(2));
  begun.wait();
  pool.close();
  pool.cut();
  go_on.set();
  idle.wait();
  CHECK(notes.numbers() == Numbers{1});
}

TEST_CASE("a worker whose thread is ended by a node is replaced") {
  Notes notes;
  act({.work = [&](int number) {
    if (number == 1) {
      pthread_exit(nullptr);
    }
    notes.note(number);
    return 0;
  }});
  Event idle;
  flux::Pool pool{notes.carry(), [&] { idle.set(); }, 1, 10};
  pool.start();
  pool.submit(task(1));
  pool.submit(task(2));
  pool.close();
  idle.wait();
  CHECK(notes.numbers() == Numbers{2});
  CHECK(pool.ends().failed == 1);
  CHECK(pool.ends().finished == 1);
}

TEST_CASE("each flow has a thread of its own") {
  Notes notes;
  std::atomic<int> inside{0};
  act({.work = [&](int) {
    ++inside;
    return eventually([&] { return inside == 20; }) ? 0 : 1;
  }});
  Event idle;
  flux::ThreadPerFlow threads{notes.carry(), [&] { idle.set(); }};
  for (int number = 1; number <= 20; ++number) {
    threads.submit(task(number));
  }
  threads.close();
  idle.wait();
  CHECK(threads.ends().finished == 20);
}

TEST_CASE("a flow whose thread is ended by a node has failed") {
  Notes notes;
  act({.work = [](int) -> int { pthread_exit(nullptr); }});
  Event idle;
  flux::ThreadPerFlow threads{notes.carry(), [&] { idle.set(); }};
  threads.submit(task(1));
  threads.close();
  idle.wait();
  CHECK(threads.ends().failed == 1);
}

TEST_CASE("where no thread can be made, the source waits ever longer, and tries again") {
  Notes notes;
  act({});
  std::vector<long> waits;
  Event idle;
  const auto start = [&](void* (*run)(void*), void* argument) {
    return waits.size() < 4 ? EAGAIN : flux::start_thread(run, argument);
  };
  flux::ThreadPerFlow threads{notes.carry(),
                              [&] { idle.set(); },
                              {.start = start, .wait = [&](std::chrono::milliseconds time) {
                                 waits.push_back(time.count());
                               }}};
  threads.submit(task(1));
  threads.close();
  idle.wait();
  CHECK(waits == std::vector<long>{1, 2, 4, 8});
  CHECK(threads.ends().finished == 1);
}

TEST_CASE("a runtime that is closed takes no more flows") {
  Notes notes;
  Event idle;
  flux::ThreadPerFlow threads{notes.carry(), [&] { idle.set(); }};
  threads.close();
  threads.submit(task(1));
  CHECK(idle.is_set());
  CHECK(threads.ends().finished == 0);
}

TEST_CASE("there are no more flows than places") {
  flux::Places places{2};
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::vector<std::jthread> threads;
  for (int each = 0; each < 4; ++each) {
    threads.emplace_back([&] {
      for (int time = 0; time < 2'000; ++time) {
        places.take();
        const int now = ++inside;
        most = std::max(most.load(), now);
        --inside;
        places.give_back();
      }
    });
  }
  threads.clear();
  CHECK(most <= 2);
  CHECK(most > 0);
}
