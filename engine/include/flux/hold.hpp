// A scope in which a flow holds constraints: taken in the order given, given back in reverse, also
// when an exception passes through. All of it is inline; in memory there is only what others may
// ask for: the chain of what the flow holds.

#pragma once

#include <flux/constraint.hpp>
#include <flux/flow.hpp>
#include <flux/observer.hpp>
#include <utility>

namespace flux {

template <class Take>
inline constexpr bool is_of_session = false;
template <Mode mode>
inline constexpr bool is_of_session<SessionConstraint::Take<mode>> = true;

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
  // A link of the flow's chain; also who fails to take a constraint leaves it.
  class Link {
   public:
    [[gnu::always_inline]] Link(Flow& flow, const First& constraint) noexcept
        : flow_{flow},
          held_{constraint.name(), constraint.reads(), is_of_session<First>, false, flow.held} {
      flow.held = &held_;
      if (Meter* const meter = flow.meter()) [[unlikely]] {
        held_.is_measured = true;
        meter->takes(held_, flow.session);
      }
    }

    [[gnu::always_inline]] ~Link() {
      if (measures && held_.is_measured) [[unlikely]] {
        flow_.meter()->left();
      }
      flow_.held = held_.earlier;
    }

    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    [[gnu::always_inline]] void taken(bool has_waited) noexcept {
      held_.is_taken = true;
      if (measures && held_.is_measured) [[unlikely]] {
        flow_.meter()->taken(held_, has_waited);
      }
    }

    [[gnu::always_inline]] void gives_back() noexcept {
      if (measures && held_.is_measured) [[unlikely]] {
        flow_.meter()->gives_back(held_);
      }
    }

    Flow& flow() noexcept { return flow_; }

   private:
    Flow& flow_;
    Held held_;
  };

  class One {
   public:
    [[gnu::always_inline]] One(Flow& flow, First constraint)
        : constraint_{constraint}, link_{flow, constraint} {
      link_.taken(constraint_.take(flow));
      if (Observer* const observer = flow.observer()) [[unlikely]] {
        observer->taken(constraint_.name(), constraint_.reads(), constraint_.session());
      }
    }

    [[gnu::always_inline]] ~One() {
      link_.gives_back();
      if (Observer* const observer = flow().observer()) [[unlikely]] {
        observer->given_back(constraint_.name(), constraint_.reads(), constraint_.session());
      }
      constraint_.give_back();
    }

    One(const One&) = delete;
    One& operator=(const One&) = delete;

    Flow& flow() noexcept { return link_.flow(); }

   private:
    First constraint_;
    Link link_;
  };

  One first_;
  [[no_unique_address]] Hold<Rest...> rest_;
};

template <class... Takes>
Hold(Flow&, Takes...) -> Hold<Takes...>;

}  // namespace flux
