// A variable of which each flow has its own: what `thread_local` is where each flow has a thread.
//
//     flux::Local<Statistics> statistics;
//
//     int Count(Request request) { statistics->requests += 1; ... }
//
// On the event runtime many flows share a thread, and so its `thread_local` variables. A value is
// made when a flow first asks for it, and destroyed when the flow ends. Outside of flows each
// thread has its own.

#pragma once

#include <type_traits>

namespace flux {

namespace detail {

struct LocalValue {
  void* value;
  void (*destroy)(void*);
};

// The value of the flow, or the thread, that asks; made if it isn't there.
void* local_value(const void* key, LocalValue (*make)());

}  // namespace detail

template <class T>
class Local {
  static_assert(std::is_default_constructible_v<T>, "a value is made without arguments");

 public:
  constexpr Local() = default;
  Local(const Local&) = delete;
  Local& operator=(const Local&) = delete;

  T& operator*() const { return *static_cast<T*>(detail::local_value(this, make)); }
  T* operator->() const { return &**this; }

 private:
  static detail::LocalValue make() {
    return {new T{}, [](void* value) { delete static_cast<T*>(value); }};
  }
};

}  // namespace flux
