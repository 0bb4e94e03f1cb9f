#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <flux/lock.hpp>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "latch.hpp"

using flux::ReaderWriterLock;
using flux::tests::eventually;

namespace {

// Threads that enter, note their names, and leave; they come in the order in which they are sent.
class Visitors {
 public:
  explicit Visitors(ReaderWriterLock& lock) : lock_{lock} {}

  void send_writer(std::string name) {
    send([this, name] {
      const std::unique_lock held{lock_};
      names.push_back(name);
    });
  }

  void send_reader(std::string name) {
    send([this, name] {
      const std::shared_lock held{lock_};
      const std::scoped_lock guarded{guard_};
      names.push_back(name);
    });
  }

  void wait() { threads_.clear(); }

  std::vector<std::string> names{};

 private:
  void send(std::function<void()> visit) {
    const std::size_t before = lock_.waiting();
    threads_.emplace_back(std::move(visit));
    REQUIRE(eventually([&] { return lock_.waiting() == before + 1; }));
  }

  ReaderWriterLock& lock_;
  std::mutex guard_{};
  std::vector<std::jthread> threads_{};
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("writers exclude each other") {
  ReaderWriterLock lock;
  long number = 0;
  std::vector<std::jthread> threads;
  for (int each = 0; each < 4; ++each) {
    threads.emplace_back([&] {
      for (int time = 0; time < 10'000; ++time) {
        const std::unique_lock held{lock};
        ++number;
      }
    });
  }
  threads.clear();
  CHECK(number == 40'000);
}

TEST_CASE("readers never see half of what a writer does") {
  ReaderWriterLock lock;
  long left = 0;
  long right = 0;
  std::atomic<long> differences{0};
  std::vector<std::jthread> threads;
  for (int each = 0; each < 2; ++each) {
    threads.emplace_back([&] {
      for (int time = 0; time < 5'000; ++time) {
        const std::unique_lock held{lock};
        ++left;
        ++right;
      }
    });
    threads.emplace_back([&] {
      for (int time = 0; time < 5'000; ++time) {
        const std::shared_lock held{lock};
        differences += left - right;
      }
    });
  }
  threads.clear();
  CHECK(differences == 0);
  CHECK(left == 10'000);
}

TEST_CASE("readers hold it together") {
  ReaderWriterLock lock;
  std::atomic<int> inside{0};
  std::vector<std::jthread> threads;
  std::atomic<int> together{0};
  for (int each = 0; each < 3; ++each) {
    threads.emplace_back([&] {
      const std::shared_lock held{lock};
      ++inside;
      together += eventually([&] { return inside == 3; });
    });
  }
  threads.clear();
  CHECK(together == 3);
}

TEST_CASE("who waits enters in the order of coming") {
  ReaderWriterLock lock;
  Visitors visitors{lock};
  lock.lock();
  visitors.send_writer("first");
  visitors.send_reader("second");
  visitors.send_writer("third");
  lock.unlock();
  visitors.wait();
  CHECK(visitors.names == Names{"first", "second", "third"});
}

TEST_CASE("readers who wait side by side enter together") {
  ReaderWriterLock lock;
  std::atomic<int> inside{0};
  std::atomic<int> together{0};
  std::vector<std::jthread> threads;
  lock.lock();
  for (int each = 0; each < 3; ++each) {
    threads.emplace_back([&] {
      const std::shared_lock held{lock};
      ++inside;
      together += eventually([&] { return inside == 3; });
    });
  }
  REQUIRE(eventually([&] { return lock.waiting() == 3; }));
  lock.unlock();
  threads.clear();
  CHECK(together == 3);
}

TEST_CASE("a reader doesn't pass a writer who waits for readers to leave") {
  ReaderWriterLock lock;
  Visitors visitors{lock};
  lock.lock_shared();
  visitors.send_writer("writer");
  visitors.send_reader("reader");
  CHECK(visitors.names.empty());
  lock.unlock_shared();
  visitors.wait();
  CHECK(visitors.names == Names{"writer", "reader"});
}

TEST_CASE("a newcomer waits behind who is starving") {
  ReaderWriterLock lock{std::chrono::nanoseconds{0}};
  Visitors visitors{lock};
  lock.lock();
  visitors.send_reader("starving");
  visitors.send_writer("newcomer");
  lock.unlock();
  visitors.wait();
  CHECK(visitors.names == Names{"starving", "newcomer"});
}

TEST_CASE("a writer gets in among readers who never leave it empty") {
  ReaderWriterLock lock;
  std::atomic<bool> written{false};
  std::vector<std::jthread> readers;
  for (int each = 0; each < 2; ++each) {
    readers.emplace_back([&] {
      eventually([&] {
        const std::shared_lock held{lock};
        std::this_thread::yield();
        return written.load();
      });
    });
  }
  lock.lock();
  written = true;
  lock.unlock();
  readers.clear();
  CHECK(lock.waiting() == 0);
}

TEST_CASE("a reader gets in among writers who come again and again") {
  ReaderWriterLock lock{std::chrono::microseconds{10}};
  std::atomic<bool> read{false};
  std::atomic<bool> in_vain{false};
  std::vector<std::jthread> writers;
  for (int each = 0; each < 2; ++each) {
    writers.emplace_back([&] {
      const bool could_read = eventually([&] {
        const std::unique_lock held{lock};
        return read.load();
      });
      if (!could_read) {
        in_vain = true;
      }
    });
  }
  lock.lock_shared();
  read = true;
  lock.unlock_shared();
  writers.clear();
  CHECK_FALSE(in_vain);
}

TEST_CASE("no wake-up is lost among readers and writers without patience") {
  ReaderWriterLock lock{std::chrono::nanoseconds{0}};
  long number = 0;
  std::vector<std::jthread> threads;
  for (int each = 0; each < 4; ++each) {
    threads.emplace_back([&, each] {
      for (int time = 0; time < 3'000; ++time) {
        if ((each + time) % 3 == 0) {
          const std::unique_lock held{lock};
          ++number;
        } else {
          const std::shared_lock held{lock};
        }
      }
    });
  }
  threads.clear();
  CHECK(number == 4'000);
}

TEST_CASE("a short lock excludes") {
  flux::ShortLock lock;
  long number = 0;
  std::vector<std::jthread> threads;
  for (int each = 0; each < 4; ++each) {
    threads.emplace_back([&] {
      for (int time = 0; time < 10'000; ++time) {
        const std::scoped_lock held{lock};
        ++number;
      }
    });
  }
  threads.clear();
  CHECK(number == 40'000);
}
