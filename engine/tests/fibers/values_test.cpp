#include <atomic>
#include <set>

#include "stand_in.hpp"

namespace flux::tests {

namespace {

thread_local int of_thread = 3;

std::atomic<int> destroyed{0};
pthread_key_t again{};

void* value(int number) noexcept { return reinterpret_cast<void*>(std::intptr_t{number}); }

int number_of(const void* what) noexcept {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(what));
}

}  // namespace

TEST_CASE("each thread has a value of its own for a key") {
  pthread_key_t key{};
  REQUIRE(pthread_key_create(&key, nullptr) == 0);
  REQUIRE(pthread_setspecific(key, value(1000)) == 0);
  std::set<int> seen;
  bool begins_with_nothing = true;
  run_threads(times(50, [&](int number) {
    begins_with_nothing = begins_with_nothing && pthread_getspecific(key) == nullptr;
    pthread_setspecific(key, value(number + 1));
    sched_yield();
    seen.insert(number_of(pthread_getspecific(key)));
  }));
  CHECK(begins_with_nothing);
  CHECK(seen.size() == 50);
  CHECK(number_of(pthread_getspecific(key)) == 1000);
  CHECK(pthread_key_delete(key) == 0);
}

TEST_CASE("values are destroyed when their thread ends, also those that this leaves") {
  destroyed = 0;
  REQUIRE(pthread_key_create(&again, [](void* what) {
            if (++destroyed < 3) pthread_setspecific(again, what);
          }) == 0);
  run_threads({[] { pthread_setspecific(again, value(1)); }});
  CHECK(destroyed == 3);
  CHECK(pthread_key_delete(again) == 0);
}

TEST_CASE("a key that was made anew has no values of the one before") {
  pthread_key_t key{};
  REQUIRE(pthread_key_create(&key, nullptr) == 0);
  bool same = false;
  int found = -1;
  run_threads({[&] {
    pthread_setspecific(key, value(5));
    pthread_key_delete(key);
    pthread_key_t next{};
    pthread_key_create(&next, nullptr);
    same = next == key;
    found = number_of(pthread_getspecific(next));
    pthread_key_delete(next);
  }});
  CHECK(same);
  CHECK(found == 0);
}

TEST_CASE("each thread has the interpreter's variables of a thread for itself") {
  std::set<int> seen;
  bool begins_anew = true;
  of_thread = 4;
  run_threads(times(50, [&](int number) {
    begins_anew = begins_anew && of_thread == 3;
    of_thread = 100 + number;
    sched_yield();
    seen.insert(of_thread);
  }));
  CHECK(begins_anew);
  CHECK(seen.size() == 50);
  CHECK(of_thread == 4);
}

}  // namespace flux::tests
