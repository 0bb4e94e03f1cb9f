#include <pthread.h>

#include <exception>
#include <flux/aside.hpp>
#include <flux/error.hpp>

#include "calls_support.hpp"

namespace flux::tests {

namespace {

// A fiber that nothing protects from `pthread_exit`.
class Ending {
 public:
  explicit Ending(std::function<void()> work) : work_{std::move(work)} {
    loop_.spawn(run, this);
    loop_.run();
  }

  bool has_returned = false;
  bool was_destroyed = false;
  bool was_forced = false;

 private:
  struct Guard {
    Ending& ending;
    ~Guard() {
      ending.was_destroyed = true;
      ending.loop_.stop();
    }
  };

  static void run(void* argument) {
    auto& self = *static_cast<Ending*>(argument);
    const Guard guard{self};
    try {
      self.work_();
      self.has_returned = true;
    } catch (...) {
      self.was_forced = is_forced_unwind();
      throw;
    }
  }

  std::function<void()> work_;
  event::Loop loop_{0, 256 * 1024};
};

void ends_only_fiber(std::function<void()> work) {
  const Ending ending{std::move(work)};
  CHECK_FALSE(ending.has_returned);
  CHECK(ending.was_destroyed);
  CHECK(ending.was_forced);
}

}  // namespace

TEST_CASE("pthread_exit ends the fiber that calls it, with its destructors") {
  ends_only_fiber([] { ::pthread_exit(nullptr); });
}

TEST_CASE("pthread_exit ends a fiber that has waited") {
  const Ends ends = socket_ends();
  ends_only_fiber([&] {
    ::usleep(1);
    ::pthread_exit(nullptr);
  });
}

TEST_CASE("pthread_exit in what is run aside ends the fiber") {
  ends_only_fiber([] { aside([] { ::pthread_exit(nullptr); }); });
  on_fiber([] { CHECK(aside([] { return 1; }) == 1); });
}

TEST_CASE("pthread_exit ends a plain thread") {
  bool was_forced = false;
  on_thread([&] {
    try {
      ::pthread_exit(nullptr);
    } catch (...) {
      was_forced = is_forced_unwind();
      throw;
    }
  });
  CHECK(was_forced);
}

}  // namespace flux::tests
