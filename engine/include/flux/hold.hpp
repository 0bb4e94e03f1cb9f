// A scope in which a flow holds constraints: taken in the order given, given back in reverse, also
// when an exception passes through. All of it is inline, so that it holds nothing in memory.

#pragma once

#include <flux/constraint.hpp>
#include <flux/flow.hpp>
#include <flux/observer.hpp>
#include <utility>

namespace flux {

template <class... Takes>
class [[nodiscard]] Hold {
 public:
  explicit Hold(Flow&) noexcept {}
};

template <class First, class... Rest>
class [[nodiscard]] Hold<First, Rest...> {
 public:
  [[gnu::always_inline]] Hold(Flow& flow, First first, Rest... rest)
      : first_{flow, first}, rest_{flow, rest...} {}

  [[gnu::always_inline]] ~Hold() = default;

  // Run one node and give back at the end of the statement.
  template <auto& Function, class... Values>
  [[gnu::always_inline]] Way run(Values&&... values) && {
    return first_.flow().template run<Function>(std::forward<Values>(values)...);
  }

  template <auto& Function, class... Values>
  [[gnu::always_inline]] Way open(Values&&... values) && {
    return first_.flow().template open<Function>(std::forward<Values>(values)...);
  }

 private:
  class One {
   public:
    [[gnu::always_inline]] One(Flow& flow, First constraint)
        : constraint_{constraint}, flow_{flow} {
      constraint_.take(flow);
      if (Observer* const observer = flow.observer()) [[unlikely]] {
        observer->taken(constraint_.name(), constraint_.reads(), constraint_.session());
      }
    }

    [[gnu::always_inline]] ~One() {
      if (Observer* const observer = flow_.observer()) [[unlikely]] {
        observer->given_back(constraint_.name(), constraint_.reads(), constraint_.session());
      }
      constraint_.give_back();
    }

    One(const One&) = delete;
    One& operator=(const One&) = delete;

    Flow& flow() noexcept { return flow_; }

   private:
    First constraint_;
    Flow& flow_;
  };

  One first_;
  [[no_unique_address]] Hold<Rest...> rest_;
};

template <class... Takes>
Hold(Flow&, Takes...) -> Hold<Takes...>;

}  // namespace flux
