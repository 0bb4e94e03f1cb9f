#include <fcntl.h>
#include <semaphore.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <string>
#include <thread>

#include "stand_in.hpp"

namespace flux::tests {

namespace {

constexpr int many = 2000;

// A lock as CPython has it where there are no semaphores, and as its global one is.
class Baton {
 public:
  Baton() { pthread_condattr_init(&attributes_); }
  Baton(const Baton&) = delete;
  Baton& operator=(const Baton&) = delete;
  ~Baton() {
    pthread_cond_destroy(&changed_);
    pthread_mutex_destroy(&mutex_);
    pthread_condattr_destroy(&attributes_);
  }

  void take() {
    pthread_mutex_lock(&mutex_);
    while (taken_) pthread_cond_wait(&changed_, &mutex_);
    taken_ = true;
    pthread_mutex_unlock(&mutex_);
  }

  void give_back() {
    pthread_mutex_lock(&mutex_);
    taken_ = false;
    pthread_mutex_unlock(&mutex_);
    pthread_cond_signal(&changed_);
  }

 private:
  pthread_condattr_t attributes_{};
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t changed_ = PTHREAD_COND_INITIALIZER;
  bool taken_ = false;
};

}  // namespace

TEST_CASE("fibers, the main thread and others of the system exclude each other") {
  Baton baton;
  int count = 0;
  const auto add = [&] {
    for (int each = 0; each < many; ++each) {
      baton.take();
      ++count;
      baton.give_back();
    }
  };
  std::thread other{add};
  std::vector<Started> fibers;
  for (int each = 0; each < 4; ++each) fibers.emplace_back(add);
  add();
  for (const Started& each : fibers) each.join();
  other.join();
  CHECK(count == 6 * many);
}

TEST_CASE("a fiber and the main thread hand a token to and fro") {
  std::array<sem_t, 2> turns{};
  for (sem_t& each : turns) REQUIRE(sem_init(&each, 0, 0) == 0);
  int token = 0;
  const Started fiber{[&] {
    for (int each = 0; each < many; ++each) {
      sem_wait(&turns[0]);
      ++token;
      sem_post(&turns[1]);
    }
  }};
  for (int each = 0; each < many; ++each) {
    sem_post(&turns[0]);
    sem_wait(&turns[1]);
  }
  fiber.join();
  CHECK(token == many);
  for (sem_t& each : turns) sem_destroy(&each);
}

TEST_CASE("fibers that write and read a pipe leave the loop to each other") {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  std::size_t received = 0;
  constexpr std::size_t size = std::size_t{1} << 20;
  run_threads({[&] {
                 const std::vector<char> bytes(size);
                 for (std::size_t sent = 0; sent < size;) {
                   sent += static_cast<std::size_t>(write(ends[1], &bytes[sent], size - sent));
                 }
                 close(ends[1]);
               },
               [&] {
                 std::array<char, 4096> some{};
                 while (const auto got = read(ends[0], some.data(), some.size())) {
                   received += static_cast<std::size_t>(got);
                 }
               }});
  CHECK(received == size);
  close(ends[0]);
}

TEST_CASE("what can't be tried is done by helpers, while other fibers go on") {
  char folder[] = "fifo-XXXXXX";
  REQUIRE(mkdtemp(folder) != nullptr);
  const std::string name = std::string{folder} + "/fifo";
  REQUIRE(mkfifo(name.c_str(), 0600) == 0);
  std::array<int, 2> opened{-1, -1};
  run_threads({[&] { opened[0] = open(name.c_str(), O_RDONLY); },
               [&] { opened[1] = open(name.c_str(), O_WRONLY); }});
  for (const int each : opened) {
    CHECK(each >= 0);
    close(each);
  }
  unlink(name.c_str());
  rmdir(folder);
}

TEST_CASE("a wait with a time-out ends, and a lock that somebody has isn't got") {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  sem_t never{};
  REQUIRE(sem_init(&never, 0, 0) == 0);
  std::array<int, 2> results{};
  pthread_mutex_lock(&mutex);
  run_threads({[&] {
    timespec late{};
    clock_gettime(CLOCK_REALTIME, &late);
    results[0] = pthread_mutex_timedlock(&mutex, &late);
    results[1] = sem_timedwait(&never, &late) == 0 ? 0 : errno;
  }});
  pthread_mutex_unlock(&mutex);
  CHECK(results == std::array<int, 2>{ETIMEDOUT, ETIMEDOUT});
  sem_destroy(&never);
}

}  // namespace flux::tests
