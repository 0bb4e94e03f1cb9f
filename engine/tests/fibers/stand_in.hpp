// A program that the shared object for Python takes for the interpreter: all of it can be watched
// over by sanitizers, which know nothing of what CPython does.

#pragma once

#include <doctest/doctest.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <vector>

namespace flux::tests {

using Body = std::function<void()>;

// Who carries the caller, as the kernel knows it.
inline long carrier() noexcept { return syscall(SYS_gettid); }

// A thread of this program, and so a fiber.
class Started {
 public:
  explicit Started(Body body, const pthread_attr_t* attributes = nullptr)
      : body_{new Body{std::move(body)}} {
    REQUIRE(pthread_create(&name_, attributes, run, body_) == 0);
  }

  pthread_t name() const noexcept { return name_; }

  void join() const { CHECK(pthread_join(name_, nullptr) == 0); }

 private:
  static void* run(void* argument) {
    const std::unique_ptr<Body> body{static_cast<Body*>(argument)};
    (*body)();
    return nullptr;
  }

  Body* body_;
  pthread_t name_{};
};

// Start threads that do these, and wait for the ends of all. Nothing is checked in them: what
// doctest has of each thread would be swapped with the interpreter's.
inline void run_threads(const std::vector<Body>& bodies) {
  std::vector<Started> threads;
  for (const Body& each : bodies) threads.emplace_back(each);
  for (const Started& each : threads) each.join();
}

inline std::vector<Body> times(int count, const std::function<void(int)>& body) {
  std::vector<Body> bodies;
  for (int each = 0; each < count; ++each) bodies.emplace_back([=] { body(each); });
  return bodies;
}

}  // namespace flux::tests
