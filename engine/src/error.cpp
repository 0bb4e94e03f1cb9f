#include <cxxabi.h>

#include <cstdlib>
#include <flux/error.hpp>
#include <memory>
#include <typeinfo>
#include <utility>

namespace flux {

namespace {

constexpr std::size_t longest_text = 1000;

std::string text_of_current_exception() noexcept {
  try {
    throw;
  } catch (const std::exception& exception) {
    try {
      return std::string{exception.what()}.substr(0, longest_text);
    } catch (...) {
      return {};
    }
  } catch (...) {
    return {};
  }
}

std::string type_name(const std::exception_ptr& exception) {
  const char* const mangled = exception.__cxa_exception_type()->name();
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name{
      abi::__cxa_demangle(mangled, nullptr, nullptr, &status), &std::free};
  return name ? name.get() : mangled;
}

}  // namespace

// That is no exception, so there is nothing to point to.
bool is_forced_unwind() noexcept { return std::current_exception() == nullptr; }

Error caught(const char* node, int code) noexcept {
  return {.node = node,
          .code = code,
          .text = text_of_current_exception(),
          .exception = std::current_exception()};
}

std::string kind(const Error& error) {
  if (error.exception) {
    return type_name(error.exception);
  }
  switch (error.code) {
    case FLUX_END:
      return "FLUX_END";
    case FLUX_NO_MATCH:
      return "FLUX_NO_MATCH";
    default:
      return "error " + std::to_string(error.code);
  }
}

std::string describe(const Error& error) {
  return error.text.empty() ? kind(error) : kind(error) + ": " + error.text;
}

Handled::Handled(Error error) noexcept
    : error_{std::move(error)},
      view_{error_.node, error_.code, error_.text.c_str()},
      outer_{std::exchange(current_handled(), this)} {}

Handled::~Handled() { current_handled() = outer_; }

const Handled*& current_handled() noexcept {
  thread_local const Handled* handled = nullptr;
  return handled;
}

std::exception_ptr current_exception() noexcept {
  const Handled* const handled = current_handled();
  return handled != nullptr ? handled->exception() : nullptr;
}

}  // namespace flux

const flux_error* flux_current_error() {
  const flux::Handled* const handled = flux::current_handled();
  return handled != nullptr ? &handled->view() : nullptr;
}
