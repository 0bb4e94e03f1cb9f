#include "home.hpp"

#include <mutex>
#include <system_error>

#include "../event/locks/queues.hpp"
#include "../event/locks/real.hpp"
#include "../threads.hpp"
#include "thread.hpp"
#include "unwatched.hpp"

namespace flux::fibers {

namespace {

// Of addresses: only pages that are touched are memory. It is what threads have most often, and
// the interpreter's limits on recursion are made for.
constexpr std::size_t stack_bytes = std::size_t{8} << 20;

constinit ShortLock guard{};
constinit Home* home = nullptr;

}  // namespace

// A thread that was made outside of the loop. Where the system has no memory for another stack, it
// begins when there is some.
class Home::Arrival final : public event::Post, event::Timer {
 public:
  Arrival(event::Loop& loop, Thread& thread) noexcept : loop_{loop}, thread_{thread} {}

 private:
  static constexpr std::chrono::milliseconds pause{10};

  void deliver() noexcept override { ring(); }

  void ring() noexcept override {
    try {
      loop_.add(Thread::carry, &thread_).companion = &thread_;
      delete this;
    } catch (const std::bad_alloc&) {
      loop_.timers().add(*this, event::Clock::now() + pause);
    }
  }

  event::Loop& loop_;
  Thread& thread_;
};

Home& Home::of_process() {
  [[maybe_unused]] static const int registered =
      pthread_atfork([] { guard.lock(); }, [] { guard.unlock(); }, begin_child);
  const std::scoped_lock guarded{guard};
  if (home == nullptr) {
    home = new Home;
  }
  return *home;
}

void Home::begin(Thread& thread) {
  if (event::Loop::current() == &loop_) {
    loop_.add(Thread::carry, &thread).companion = &thread;
  } else {
    loop_.post(*new Arrival{loop_, thread});
  }
}

pthread_t Home::thread() noexcept { return home->thread_; }

std::size_t Home::stack_size() noexcept { return stack_bytes; }

Home::Home() : loop_{0, stack_bytes} {
  loop_.set_vigil(&ticker_);
  if (const int error = event::real::pthread_create(&thread_, nullptr, run, this)) {
    throw std::system_error{error, std::generic_category(), "a loop has no thread"};
  }
  ticker_.start();
}

void* Home::run(void* argument) {
#ifdef FLUX_TSAN
  carries_fibers = true;
#endif
  name_thread("flux loop");
  static_cast<Home*>(argument)->loop_.run();
  return nullptr;
}

// What belongs to the parent's loop stays where it is, and is never used again: its fibers, and
// their places in the queues of locks.
void Home::begin_child() noexcept {
  event::Loop::begin_child();
  event::Queues::begin_child();
  Thread::begin_child();
  home = nullptr;
  guard.unlock();
}

}  // namespace flux::fibers
