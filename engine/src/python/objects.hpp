// Objects of Python that are held, and what C++ throws, as Python's exceptions.
//
// All functions here are called with the interpreter's lock, and keep it: none of them waits.

#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace flux::python {

// One reference; null if what made it has failed, with an exception set.
class Owned {
 public:
  Owned() noexcept = default;
  explicit Owned(PyObject* object) noexcept : object_{object} {}
  Owned(Owned&& other) noexcept : object_{std::exchange(other.object_, nullptr)} {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Owned() { Py_XDECREF(object_); }

  explicit operator bool() const noexcept { return object_ != nullptr; }
  PyObject* get() const noexcept { return object_; }
  PyObject* release() noexcept { return std::exchange(object_, nullptr); }

 private:
  PyObject* object_ = nullptr;
};

inline Owned share(PyObject* object) noexcept { return Owned{Py_NewRef(object)}; }

// A function of Python has failed and set its exception.
class Failed : public std::exception {};

inline Owned checked(PyObject* object) {
  if (object == nullptr) throw Failed{};
  return Owned{object};
}

inline Owned latin_1(std::string_view text) {
  return checked(
      PyUnicode_DecodeLatin1(text.data(), static_cast<Py_ssize_t>(text.size()), nullptr));
}

inline Owned bytes(std::string_view text) {
  return checked(PyBytes_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size())));
}

}  // namespace flux::python
