#include <doctest/doctest.h>
#include <unistd.h>

#include <mutex>
#include <string>
#include <thread>

#include "fibers.hpp"
#include "locks.hpp"

namespace flux::tests {

namespace {

struct Slow {
  explicit Slow(int& count) {
    usleep(500);
    ++count;
  }
};

int& slow_count() {
  static int count = 0;
  static const Slow slow{count};
  return count;
}

int& failing_count() {
  static int count = 0;
  struct Failing {
    Failing() {
      usleep(200);
      if (++count < 3) {
        throw count;
      }
    }
  };
  static const Failing failing;
  return count;
}

}  // namespace

TEST_SUITE("what is done once") {
  TEST_CASE("fibers that reach a static wait until it is initialised") {
    bool others_ran = false;
    Bodies bodies = many(5, [&] { CHECK(slow_count() == 1); });
    bodies.push_back([&] { others_ran = true; });
    std::thread thread{[] { CHECK(slow_count() == 1); }};
    run_fibers(bodies);
    thread.join();
    CHECK(others_ran);
  }

  TEST_CASE("a static whose initialisation throws is initialised by the next") {
    int thrown = 0;
    run_fibers(many(5, [&] {
      try {
        failing_count();
      } catch (int) {
        ++thrown;
      }
    }));
    CHECK(thrown == 2);
    CHECK(failing_count() == 3);
  }

  TEST_CASE("fibers wait until what is called once has ended") {
    std::once_flag flag;
    int count = 0;
    const auto call = [&] {
      std::call_once(flag, [&] {
        usleep(500);
        ++count;
      });
      CHECK(count == 1);
    };
    std::thread thread{call};
    run_fibers_on_loops({many(5, call), many(5, call)});
    thread.join();
    CHECK(count == 1);
  }

  TEST_CASE("each calls its own function if the one before it threw") {
    std::once_flag flag;
    std::string tried;
    Bodies bodies;
    for (const char name : {'a', 'b', 'c', 'd'}) {
      bodies.push_back([&flag, &tried, name] {
        try {
          std::call_once(flag, [&tried, name] {
            usleep(100);
            tried += name;
            if (name < 'c') {
              throw name;
            }
          });
        } catch (char) {
        }
      });
    }
    run_fibers(bodies);
    CHECK(tried == "abc");
  }
}

}  // namespace flux::tests
