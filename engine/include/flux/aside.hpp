// Calls that would hold up everything: made on a helper thread.
//
// In the event runtime many flows share one thread. What computes for long, or waits in a way that
// the engine can't see, is run aside, and only its own flow waits. In other runtimes each flow has
// a thread anyway, and the call is made at once.

#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace flux {

namespace detail {

// Run it on a helper thread if a fiber calls, else at once. No exception may come out of it.
void run_aside(void (*call)(void*), void* argument, const char* what);

// What a call gave: a value, a reference, nothing, or an exception.
template <class Result>
class Given {
 public:
  template <class Call>
  void take(Call& call) {
    value_.emplace(std::invoke(call));
  }
  Result give() { return std::move(*value_); }

 private:
  std::optional<Result> value_{};
};

template <class Result>
class Given<Result&> {
 public:
  template <class Call>
  void take(Call& call) {
    value_ = std::addressof(std::invoke(call));
  }
  Result& give() { return *value_; }

 private:
  Result* value_ = nullptr;
};

template <>
class Given<void> {
 public:
  template <class Call>
  void take(Call& call) {
    std::invoke(call);
  }
  void give() {}
};

}  // namespace detail

// Run a callable on a helper thread if a fiber calls, else at once; what it gives or throws comes
// out here. What belongs to a thread, such as `thread_local` variables, is the helper's.
template <class Call>
std::invoke_result_t<Call&> aside(Call&& call) {
  struct Errand {
    std::remove_reference_t<Call>& call;
    detail::Given<std::invoke_result_t<Call&>> given{};
    std::exception_ptr exception{};
  } errand{call};
  const auto run = [](void* argument) {
    auto& its = *static_cast<Errand*>(argument);
    try {
      its.given.take(its.call);
    } catch (...) {
      its.exception = std::current_exception();
      if (its.exception == nullptr) {
        throw;  // `pthread_exit`, which ends the thread
      }
    }
  };
  detail::run_aside(run, &errand, "aside");
  if (errand.exception) {
    std::rethrow_exception(std::move(errand.exception));
  }
  return errand.given.give();
}

}  // namespace flux
