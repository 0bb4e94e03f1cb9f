// Whether a thread sleeps in the kernel, so that tests can wake it without waiting for a while.

#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

namespace flux::nodes::testing {

// A thread that tells whether it sleeps.
class Sleeper {
 public:
  explicit Sleeper(std::function<void()> work)
      : thread_([this, work = std::move(work)] {
          id_ = static_cast<int>(::syscall(SYS_gettid));
          id_.notify_all();
          work();
        }) {
    id_.wait(0);
  }

  // Return when the thread sleeps in a system call.
  void wait_until_asleep() const {
    while (state() != 'S') std::this_thread::yield();
  }

  void join() { thread_.join(); }

 private:
  // As the kernel gives it: "number (name) state ...".
  char state() const {
    std::string stat;
    std::getline(std::ifstream("/proc/self/task/" + std::to_string(id_) + "/stat"), stat);
    return stat.at(stat.rfind(')') + 2);
  }

  std::atomic<int> id_ = 0;
  std::jthread thread_;
};

}  // namespace flux::nodes::testing
