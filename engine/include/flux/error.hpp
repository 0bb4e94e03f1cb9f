// The error of a node, and the one that a running handler handles.

#pragma once

#include <flux/flux.h>

#include <exception>
#include <string>

namespace flux {

struct Error {
  const char* node = "";
  int code = 0;
  std::string text{};
  std::exception_ptr exception{};
};

// Whether what is being caught ends the thread: `pthread_exit` or a cancellation, which must pass.
bool is_forced_unwind() noexcept;

// The error of the exception that is being caught.
Error caught(const char* node, int code) noexcept;

// An error in words: `error 5`, `std::runtime_error: broken`. `kind` leaves the text out.
std::string describe(const Error& error);
std::string kind(const Error& error);

// Shows an error to the handler that runs meanwhile on this thread.
class Handled {
 public:
  explicit Handled(Error error) noexcept;
  ~Handled();
  Handled(const Handled&) = delete;
  Handled& operator=(const Handled&) = delete;

  const flux_error& view() const noexcept { return view_; }
  const std::exception_ptr& exception() const noexcept { return error_.exception; }

 private:
  Error error_;
  flux_error view_;
  const Handled* outer_;
};

// What this thread's handler handles. Whatever switches flows within a thread switches this, too.
const Handled*& current_handled() noexcept;

}  // namespace flux
