// Requests and errors as objects of the classes that `flux.nodes.http` has for them.

#pragma once

#include <array>
#include <flux/nodes/http_message.hpp>

#include "objects.hpp"

namespace flux::python {

class Messages {
 public:
  // The classes, once; throws Failed.
  void bind(PyObject* request, PyObject* headers, PyObject* error);

  // Throws Failed.
  Owned request(const nodes::Request& read) const;

  // Set the exception.
  void fail(const nodes::HttpError& error) const noexcept;

 private:
  // In the order of the class: method, target, path, query, version, headers, body, keep_alive,
  // unread, awaits_leave.
  static constexpr std::size_t members = 10;

  Owned headers(const nodes::Headers& read) const;

  Owned request_;
  Owned headers_;
  Owned error_;
  std::array<Owned, members> places_;
  Owned values_;
};

// Those of the process.
Messages& messages() noexcept;

// Do something, and tell Python what is thrown meanwhile; null, then.
template <class Work>
PyObject* guarded(Work work) noexcept {
  try {
    return work();
  } catch (const Failed&) {
  } catch (const nodes::HttpError& error) {
    messages().fail(error);
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
  return nullptr;
}

}  // namespace flux::python
