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
  std::mutex mutex;
  std::condition_variable is_free;
  bool is_taken = true;
  std::string order;
  run_fibers({[&] {
                std::unique_lock locked{mutex};
                is_free.wait(locked, [&] { return !is_taken; });
                order += "b";
              },
              [&] {
                use_up_turn();
                {
                  const std::scoped_lock locked{mutex};
                  is_taken = false;
                  is_free.notify_one();
                  order += "a";
                }
                order += "c";
              }});
  CHECK(order == "abc");
}

TEST_CASE(
    "who has used up its turn lets others run where it tells of a lock for which nobody waits") {
  std::mutex mutex;
  std::condition_variable is_free;
  std::string order;
  run_fibers({[&] {
                Loop::current()->yield();
                order += "b";
              },
              [&] {
                use_up_turn();
                {
                  const std::scoped_lock locked{mutex};
                  is_free.notify_one();
                  order += "a";
                }
                order += "c";
              }});
  CHECK(order == "abc");
}

TEST_CASE("who has used up an earlier turn lets who waits for a lock have it, too") {
  std::mutex mutex;
  std::condition_variable is_free;
  std::condition_variable unawaited;
  bool is_taken = true;
  std::string order;
  run_fibers({[&] {
                std::unique_lock locked{mutex};
                is_free.wait(locked, [&] { return !is_taken; });
                order += "b";
              },
              [&] {
                use_up_turn();
                {
                  const std::scoped_lock locked{mutex};
                  unawaited.notify_one();
                }
                {
                  const std::scoped_lock locked{mutex};
                  is_taken = false;
                  is_free.notify_one();
                  order += "a";
                }
                order += "c";
              }});
  CHECK(order == "abc");
}

TEST_CASE("who has a turn left goes on when it unlocks what others wait for") {
  std::mutex mutex;
  std::condition_variable is_free;
  std::string order;
  run_fibers({[&] {
                std::unique_lock locked{mutex};
                is_free.wait(locked);
                order += "b";
              },
              [&] {
                {
                  const std::scoped_lock locked{mutex};
                  is_free.notify_one();
                }
                order += "a";
              }});
  CHECK(order == "ab");
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
