// libc's own locks, behind those that this engine defines in their place.

#pragma once

#include <pthread.h>
#include <semaphore.h>

#include "../calls/real.hpp"

namespace flux::event::real {

template <class Function>
class OriginalCondition;

// A function of condition variables, of which libc has an old form, too, with the same name: some
// versions of `dlsym` find that one.
template <class... Parameters>
class OriginalCondition<int(Parameters...)> {
 public:
  explicit constexpr OriginalCondition(const char* name) noexcept : name_{name} {}

  int operator()(Parameters... parameters) const { return get()(parameters...); }

 private:
  using Pointer = int (*)(Parameters...);

  Pointer get() const noexcept {
    Pointer found = found_.load(std::memory_order_relaxed);
    if (found == nullptr) [[unlikely]] {
      found = reinterpret_cast<Pointer>(find());
      found_.store(found, std::memory_order_relaxed);
    }
    return found;
  }

  void* find() const noexcept {
    void* const found = original(name_);
#ifdef __x86_64__
    if (found == dlvsym(RTLD_NEXT, name_, "GLIBC_2.2.5")) {
      void* const newer = dlvsym(RTLD_NEXT, name_, "GLIBC_2.3.2");
      return newer != nullptr ? newer : found;
    }
#endif
    return found;
  }

  const char* name_;
  mutable std::atomic<Pointer> found_{nullptr};
};

template <class... Parameters>
class OriginalCondition<int(Parameters...) noexcept>
    : public OriginalCondition<int(Parameters...)> {
  using OriginalCondition<int(Parameters...)>::OriginalCondition;
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"

#define FLUX_ORIGINAL(name) \
  inline constinit const Original<decltype(::name)> name { #name }
#define FLUX_CONDITION(name) \
  inline constinit const OriginalCondition<decltype(::name)> name { #name }

FLUX_ORIGINAL(pthread_mutex_lock);
FLUX_ORIGINAL(pthread_mutex_trylock);
FLUX_ORIGINAL(pthread_mutex_timedlock);
FLUX_ORIGINAL(pthread_mutex_clocklock);
FLUX_ORIGINAL(pthread_mutex_unlock);
FLUX_CONDITION(pthread_cond_wait);
FLUX_CONDITION(pthread_cond_timedwait);
FLUX_CONDITION(pthread_cond_signal);
FLUX_CONDITION(pthread_cond_broadcast);
FLUX_ORIGINAL(pthread_cond_clockwait);
FLUX_ORIGINAL(pthread_rwlock_rdlock);
FLUX_ORIGINAL(pthread_rwlock_tryrdlock);
FLUX_ORIGINAL(pthread_rwlock_timedrdlock);
FLUX_ORIGINAL(pthread_rwlock_clockrdlock);
FLUX_ORIGINAL(pthread_rwlock_wrlock);
FLUX_ORIGINAL(pthread_rwlock_trywrlock);
FLUX_ORIGINAL(pthread_rwlock_timedwrlock);
FLUX_ORIGINAL(pthread_rwlock_clockwrlock);
FLUX_ORIGINAL(pthread_rwlock_unlock);
FLUX_ORIGINAL(sem_wait);
FLUX_ORIGINAL(sem_trywait);
FLUX_ORIGINAL(sem_timedwait);
FLUX_ORIGINAL(sem_clockwait);
FLUX_ORIGINAL(sem_post);
FLUX_ORIGINAL(pthread_once);
FLUX_ORIGINAL(pthread_create);
FLUX_ORIGINAL(pthread_join);
FLUX_ORIGINAL(pthread_tryjoin_np);
FLUX_ORIGINAL(pthread_timedjoin_np);
FLUX_ORIGINAL(pthread_clockjoin_np);

#undef FLUX_CONDITION
#undef FLUX_ORIGINAL
#pragma GCC diagnostic pop

}  // namespace flux::event::real
