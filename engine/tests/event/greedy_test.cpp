// Fibers that have used up their turn.

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

#include "fibers.hpp"

using flux::event::Loop;
using flux::tests::run_fibers;

namespace {

void use_up_turn() {
  Loop& loop = *Loop::current();
  loop.end_turn(loop.switches());
}

// A condition for which fibers wait, and the order in which they hear of it.
class Signalled {
 public:
  void wait(const char* who) {
    std::unique_lock locked{mutex_};
    condition_.wait(locked);
    order += who;
  }

  void wait_a_moment() {
    std::unique_lock locked{mutex_};
    condition_.wait_for(locked, std::chrono::microseconds{1});
  }

  void signal() { condition_.notify_one(); }

  std::string order{};

 private:
  std::mutex mutex_{};
  std::condition_variable condition_{};
};

// A lock made as that of Python's interpreter is: who lets go of it tells who waits.
class Lock {
 public:
  void take() {
    std::unique_lock locked{mutex_};
    is_free_.wait(locked, [&] { return !is_taken_; });
    is_taken_ = true;
  }

  void let_go() {
    const std::scoped_lock locked{mutex_};
    is_taken_ = false;
    is_free_.notify_one();
    order += "a";
  }

  std::string order{};

 private:
  std::mutex mutex_{};
  std::condition_variable is_free_{};
  bool is_taken_ = true;
};

}  // namespace

TEST_CASE("who has used up its turn lets others pass in the queue of a condition") {
  Signalled signalled;
  run_fibers({[&] {
                use_up_turn();
                signalled.wait("a");
              },
              [&] {
                use_up_turn();
                signalled.wait("b");
              },
              [&] { signalled.wait("c"); }, [&] { signalled.wait("d"); },
              [&] {
                for (int count = 0; count < 4; ++count) {
                  signalled.signal();
                }
              }});
  CHECK(signalled.order == "cdab");
}

TEST_CASE("who passes the first in a queue is the first, and can leave it") {
  Signalled signalled;
  run_fibers({[&] {
                use_up_turn();
                signalled.wait("a");
              },
              [&] { signalled.wait_a_moment(); }, [&] { signalled.wait("b"); },
              [&] {
                usleep(1000);
                signalled.signal();
                signalled.signal();
              }});
  CHECK(signalled.order == "ba");
}

TEST_CASE("who has used up its turn lets who waits for a lock have it once it is unlocked") {
  Lock lock;
  run_fibers({[&] {
                lock.take();
                lock.order += "b";
              },
              [&] {
                use_up_turn();
                lock.let_go();
                lock.order += "c";
              }});
  CHECK(lock.order == "abc");
}

TEST_CASE("who has used up its turn lets others run where nobody waits for the lock") {
  Lock lock;
  run_fibers({[&] {
                Loop::current()->yield();
                lock.order += "b";
              },
              [&] {
                use_up_turn();
                lock.let_go();
                lock.order += "c";
              }});
  CHECK(lock.order == "abc");
}

TEST_CASE("who has used up an earlier turn lets who waits for a lock have it, too") {
  Lock lock;
  Lock unawaited;
  run_fibers({[&] {
                lock.take();
                lock.order += "b";
              },
              [&] {
                use_up_turn();
                unawaited.let_go();
                lock.let_go();
                lock.order += "c";
              }});
  CHECK(lock.order == "abc");
}

TEST_CASE("who has a turn left goes on when it unlocks what others wait for") {
  Lock lock;
  run_fibers({[&] {
                lock.take();
                lock.order += "b";
              },
              [&] {
                lock.let_go();
                lock.order += "c";
              }});
  CHECK(lock.order == "acb");
}

TEST_CASE("who has waited for something else than locks is again as others are") {
  Signalled signalled;
  bool has_slept = false;
  run_fibers({[&] {
                use_up_turn();
                signalled.wait_a_moment();
                usleep(1);
                has_slept = true;
                signalled.wait("a");
              },
              [&] {
                while (!has_slept) {
                  usleep(1);
                }
                signalled.wait("b");
              },
              [&] {
                while (signalled.order.size() < 2) {
                  usleep(1000);
                  signalled.signal();
                }
              }});
  CHECK(signalled.order == "ab");
}

TEST_CASE("who has used up its turn isn't forgotten where somebody is always ready") {
  Signalled signalled;
  bool has_run = false;
  run_fibers({[&] {
                use_up_turn();
                signalled.wait_a_moment();
                Loop::current()->yield();
                Loop::current()->yield();
                has_run = true;
              },
              [&] {
                while (!has_run) {
                  Loop::current()->yield();
                }
              }});
  CHECK(has_run);
}
