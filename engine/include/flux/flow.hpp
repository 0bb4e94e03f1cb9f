// One live data flow: the register of its path, its session, and what went wrong in it.
//
// Generated routines call every function of the implementation through a flow. What happens when
// all goes well is always inline, or a node that several routines share would cost a call more; the
// rest is out of line and cold, so that the way of success stays together and falls through. What
// is cold says nothing that the caller knows, so that nobody asks twice how a node ended.

#pragma once

#include <atomic>
#include <cstdint>
#include <flux/call.hpp>
#include <flux/error.hpp>
#include <flux/held.hpp>
#include <flux/meter.hpp>
#include <flux/node.hpp>
#include <flux/outputs.hpp>
#include <flux/way.hpp>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace flux {

struct Observer;

class Flow {
 public:
  explicit Flow(Observer* observer = nullptr) noexcept : observer_{observer} {}
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;
  ~Flow() {
    if (measures && meter_ != nullptr) [[unlikely]] {
      metering_->abandon(*meter_);
    }
  }

  // Have it measured from its beginning on, if that is wanted then.
  void measure(Metering& metering, const Source& source) noexcept {
    metering_ = &metering;
    source_ = &source;
  }

  std::uint64_t path = 0;                // the register of succeeded ways
  std::uint64_t way = 0;                 // which failed or ended way has just been left
  std::uint64_t session = 0;             // what the session function said
  std::atomic<const Node*> at{nullptr};  // the function called last
  const Held* held = nullptr;            // the latest constraint: only that may not be taken yet
  std::optional<std::uint64_t> turn{};   // the register at the end of the turn, once that is over

  // Run a node: a function of the implementation, or a routine, which gets the flow, too. Inputs
  // are moved out of their variables, for nobody reads them any more.
  template <auto& Function, class... Values>
  [[gnu::always_inline]] inline Way run(Values&&... values);

  // Run a routine with a register of its own, each step of which then counts `weight`.
  template <auto& Routine, class... Values>
  [[gnu::always_inline]] inline Way weigh(std::uint64_t weight, Values&&... values);

  // Call the node that a turn begins with, which may end the source.
  template <auto& Function, class... Values>
  [[gnu::always_inline]] inline Way open(Values&&... values);

  // Ask a session function for the flow's session.
  template <auto& Function, class... Values>
  [[gnu::always_inline]] inline Way ask(const Values&... values);

  // Ask a predicate. When one has failed, the answer is yes without a call until `fail`.
  template <auto& Function, class... Values>
  [[gnu::always_inline]] inline bool test(const Values&... values);

  // The constraint that it waits for or is just taking; null: none.
  const Held* taking() const noexcept {
    return held != nullptr && !held->is_taken ? held : nullptr;
  }

  bool failing() const noexcept { return failing_; }

  // Leave a routine by the failure of a predicate, as its failed way of that number.
  [[gnu::cold]] Way fail(std::uint64_t number) noexcept;

  // Leave a routine because no case of a node matches, as its failed way of that number.
  [[gnu::cold]] Way no_match(const char* node, std::uint64_t number);

  // Leave a routine as one of its steps was left.
  [[gnu::cold]] Way leave(Way way, const Numbers& numbers) noexcept;

  // Give up because of the exception being caught, which no function threw: there is no memory for
  // a copy, say. No path leads there.
  [[gnu::cold]] Way stray() noexcept;
  bool has_strayed() const noexcept { return has_strayed_; }

  // Let a handler, a function or a routine, take an error; after it the flow ends.
  template <auto& Function, class Kept = std::tuple<>>
  [[gnu::cold]] Way handle(Way way, const Handling& handling, Kept&& kept = {});

  Observer* observer() const noexcept { return observer_; }

  // What measures it; null: nothing does. Who has done with a meter takes it away.
  Meter* meter() const noexcept { return measures ? meter_ : nullptr; }
  Meter* take_meter() noexcept {
    timer_ = nullptr;
    return std::exchange(meter_, nullptr);
  }

  // When its turn began to wait for something to do; 0: nobody measured then.
  std::uint64_t opening_since() const noexcept { return opening_since_; }

  // Measure from now on, if that is wanted and not so already.
  [[gnu::cold]] void begin_measuring() noexcept;

  // The error that was recorded last; only a flow in which something went wrong has one.
  const Error& error() const noexcept { return *error_; }
  bool has_error() const noexcept { return error_.has_value(); }

  // Whether the handler that ended the flow left an error of its own.
  bool handler_has_failed() const noexcept { return handler_has_failed_; }

  // Whether it was the first node of the turn that failed.
  bool opening_has_failed() const noexcept { return opening_has_failed_; }

 private:
  // What is put aside while a handler runs: the error it handles, the way there, the register.
  class Handler;

  [[gnu::cold]] void returned(const Node& node, int code) noexcept;
  [[gnu::cold]] Way opening_returned(const Node& node, int code) noexcept;
  [[gnu::cold]] void threw(const Node& node) noexcept;
  [[gnu::cold]] void opening_threw(const Node& node) noexcept;
  [[gnu::cold]] void gave_no_session(const Node& node) noexcept;
  [[gnu::cold]] void could_not_test(const Node& node) noexcept;

  // Where the flow runs, and calls that function.
  void enter(const Node& node) noexcept { at.store(&node, std::memory_order_relaxed); }

  void called(const Node& node, Role role) noexcept {
    if (measures && timer_ != nullptr) [[unlikely]] {
      timer_->called(node, role);
    }
  }

  // The first function of a turn may wait for long; where it gives something, the flow begins.
  bool is_wanted() const noexcept { return measures && metering_ != nullptr && metering_->is_on(); }
  [[gnu::cold]] void opening() noexcept;
  [[gnu::cold]] void opened(const Node& node) noexcept;
  [[gnu::cold]] void failed_to_open(const Node& node) noexcept;
  [[gnu::cold]] void failed_in(const Node& node, Role role) noexcept;
  [[gnu::cold]] void tell_error() noexcept;

  std::optional<Error> error_{};  // as cheap as a bool while there is none
  Observer* observer_;
  Metering* metering_ = nullptr;
  const Source* source_ = nullptr;
  Meter* meter_ = nullptr;
  Meter* timer_ = nullptr;  // the same one, if calls are timed
  std::uint64_t opening_since_ = 0;
  bool failing_ = false;
  bool handler_has_failed_ = false;
  bool opening_has_failed_ = false;
  bool has_strayed_ = false;
};

class Flow::Handler {
 public:
  explicit Handler(Flow& flow) noexcept;
  ~Handler() { flow_.path = path_; }
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;

  // The ended way of the step whose handler has come to its end in this way.
  Way done(Way way, const Handling& handling) noexcept;

 private:
  Flow& flow_;
  std::uint64_t path_;
  std::uint64_t failure_;
  Handled handled_;
};

template <class Function>
inline constexpr bool is_routine = false;
template <class... Parameters>
inline constexpr bool is_routine<Way(Flow&, Parameters...)> = true;

template <auto& Function, class... Values>
Way Flow::run(Values&&... values) {
  if constexpr (is_routine<std::remove_reference_t<decltype(Function)>>) {
    return Function(*this, std::move(values)...);
  } else {
    enter(node<Function>);
    try {
      if (const int code = flux::call<Function>(values...)) [[unlikely]] {
        returned(node<Function>, code);
        return failed;
      }
      called(node<Function>, Role::node);
      return succeeded;
    } catch (...) {
      if (is_forced_unwind()) {
        throw;
      }
      threw(node<Function>);
      return failed;
    }
  }
}

template <auto& Routine, class... Values>
Way Flow::weigh(std::uint64_t weight, Values&&... values) {
  const std::uint64_t own = std::exchange(path, 0);
  const Way way_out = run<Routine>(std::forward<Values>(values)...);
  path = way_out ? own : own + weight * path;
  return way_out;
}

template <auto& Function, class... Values>
Way Flow::open(Values&&... values) {
  enter(node<Function>);
  if (is_wanted()) [[unlikely]] {
    opening();
  }
  try {
    if (const int code = flux::call<Function>(values...)) [[unlikely]] {
      return opening_returned(node<Function>, code);
    }
    if (is_wanted()) [[unlikely]] {
      opened(node<Function>);
    }
    return succeeded;
  } catch (...) {
    if (is_forced_unwind()) {
      throw;
    }
    opening_threw(node<Function>);
    return failed;
  }
}

template <auto& Function, class... Values>
Way Flow::ask(const Values&... values) {
  enter(node<Function>);
  if (is_wanted()) [[unlikely]] {
    begin_measuring();
  }
  try {
    session = Function(values...);
    called(node<Function>, Role::session);
    return succeeded;
  } catch (...) {
    if (is_forced_unwind()) {
      throw;
    }
    gave_no_session(node<Function>);
    return failed;
  }
}

template <auto& Function, class... Values>
bool Flow::test(const Values&... values) {
  if (failing_) [[unlikely]] {
    return true;
  }
  enter(node<Function>);
  try {
    const bool answer = Function(values...);
    called(node<Function>, Role::predicate);
    return answer;
  } catch (...) {
    if (is_forced_unwind()) {
      throw;
    }
    could_not_test(node<Function>);
    return true;
  }
}

template <auto& Function, class Kept>
Way Flow::handle(Way way_out, const Handling& handling, Kept&& kept) {
  if (way_out != failed) {
    return leave(way_out, handling.numbers);
  }
  using Type = std::remove_reference_t<decltype(Function)>;
  constexpr std::size_t inputs = std::tuple_size_v<std::remove_cvref_t<Kept>>;
  outputs_t<Type, inputs + (is_routine<Type> ? 1 : 0)> unread{};
  Handler handler{*this};
  const Way end = std::apply(
      [&](auto&... values) {
        return std::apply([&](auto&... each) { return run<Function>(values..., &each...); },
                          unread);
      },
      kept);
  return handler.done(end, handling);
}

}  // namespace flux
