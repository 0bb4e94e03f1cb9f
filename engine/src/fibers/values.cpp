#include "values.hpp"

#include <atomic>
#include <cerrno>
#include <new>
#include <utility>

#include "../event/calls/call.hpp"
#include "thread.hpp"
#include "unwatched.hpp"

namespace flux::event::real {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"
inline constinit const Original<decltype(::pthread_key_create)> pthread_key_create{
    "pthread_key_create"};
inline constinit const Original<decltype(::pthread_key_delete)> pthread_key_delete{
    "pthread_key_delete"};
inline constinit const Original<decltype(::pthread_getspecific)> pthread_getspecific{
    "pthread_getspecific"};
inline constinit const Original<decltype(::pthread_setspecific)> pthread_setspecific{
    "pthread_setspecific"};
#pragma GCC diagnostic pop

}  // namespace flux::event::real

namespace flux::fibers {

namespace {

using Destructor = void (*)(void*);

// What is known of a key: it is odd while there is such a key.
struct Key {
  std::atomic<std::uint32_t> age{0};
  std::atomic<Destructor> destructor{nullptr};
};

constinit std::array<Key, PTHREAD_KEYS_MAX> keys{};

bool exists(pthread_key_t key) noexcept {
  return key < keys.size() && (keys[key].age.load(std::memory_order_acquire) & 1) != 0;
}

#if defined(FLUX_ASAN) || defined(FLUX_TSAN)
// A sanitizer keeps by a key what it knows of a thread of the system, also while that runs fibers.
// It makes the key before this object begins.
constinit bool has_begun = false;
[[gnu::constructor]] void note_begin() noexcept { has_begun = true; }
bool is_of_fibers(pthread_key_t key) noexcept { return exists(key); }
#else
constexpr bool has_begun = true;
constexpr bool is_of_fibers(pthread_key_t) noexcept { return true; }
#endif

int make_key(pthread_key_t* key, Destructor destructor) noexcept {
  const int error = event::real::pthread_key_create(key, destructor);
  if (error == 0 && *key < keys.size() && has_begun) {
    keys[*key].destructor = destructor;
    keys[*key].age.fetch_add(1, std::memory_order_release);
  }
  return error;
}

void* value_of(pthread_key_t key) noexcept {
  Thread* const thread = is_of_fibers(key) ? Thread::current() : nullptr;
  return thread != nullptr ? thread->values().get(key) : event::real::pthread_getspecific(key);
}

int set_value(pthread_key_t key, void* value) noexcept {
  Thread* const thread = is_of_fibers(key) ? Thread::current() : nullptr;
  return thread != nullptr ? thread->values().set(key, value)
                           : event::real::pthread_setspecific(key, value);
}

}  // namespace

Values::~Values() {
  for (Block* const each : blocks_) {
    delete each;
  }
}

void* Values::get(pthread_key_t key) const noexcept {
  const Block* const block = key < keys.size() ? blocks_[key / block_size] : nullptr;
  if (block == nullptr) {
    return nullptr;
  }
  const Value& found = (*block)[key % block_size];
  return found.age == keys[key].age.load(std::memory_order_acquire) ? found.value : nullptr;
}

int Values::set(pthread_key_t key, void* value) noexcept {
  if (!exists(key)) {
    return EINVAL;
  }
  Block*& block = blocks_[key / block_size];
  if (block == nullptr) {
    block = new (std::nothrow) Block{};
    if (block == nullptr) {
      return ENOMEM;
    }
  }
  (*block)[key % block_size] = {value, keys[key].age};
  return 0;
}

void Values::destroy() noexcept {
  for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS && destroy_once(); ++round) {
  }
}

// Whether there was anything to destroy.
bool Values::destroy_once() noexcept {
  bool any = false;
  for (pthread_key_t key = 0; key < keys.size(); ++key) {
    void* const value = blocks_[key / block_size] != nullptr ? get(key) : nullptr;
    const Destructor destructor = value != nullptr ? keys[key].destructor.load() : nullptr;
    if (destructor != nullptr) {
      any = true;
      set(key, nullptr);
      destructor(value);
    }
  }
  return any;
}

}  // namespace flux::fibers

using namespace flux::event;
using namespace flux::fibers;

#ifndef FLUX_TSAN

FLUX_INTERCEPTED int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) noexcept {
  return make_key(key, destructor);
}

FLUX_INTERCEPTED int pthread_setspecific(pthread_key_t key, const void* value) noexcept {
  return set_value(key, const_cast<void*>(value));
}

#else

extern "C" int __pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) noexcept;

namespace {

FLUX_BEHIND(pthread_setspecific)

}  // namespace

FLUX_INTERCEPTED FLUX_UNWATCHED int pthread_key_create(pthread_key_t* key,
                                                       void (*destructor)(void*)) noexcept {
  return behind_pthread_setspecific == nullptr ? __pthread_key_create(key, destructor)
                                               : make_key(key, destructor);
}

FLUX_INTERCEPTED FLUX_UNWATCHED int pthread_setspecific(pthread_key_t key,
                                                        const void* value) noexcept {
  return carries_fibers ? set_value(key, const_cast<void*>(value))
                        : behind_pthread_setspecific(key, value);
}

#endif

FLUX_INTERCEPTED void* pthread_getspecific(pthread_key_t key) noexcept { return value_of(key); }

FLUX_INTERCEPTED int pthread_key_delete(pthread_key_t key) noexcept {
  if (flux::fibers::exists(key)) {
    keys[key].age.fetch_add(1, std::memory_order_release);
  }
  return real::pthread_key_delete(key);
}
