// Responses written by the engine.

#pragma once

#include "objects.hpp"

namespace flux::python {

// `response(status, headers, body, *, head, keep_alive, length)`, as in Python. What is unusual, or
// wrong, is left to the function in Python that `bind_response(function)` was told.
PyObject* response(PyObject* module, PyObject* const* arguments, Py_ssize_t count,
                   PyObject* names) noexcept;
PyObject* bind_response(PyObject* module, PyObject* function) noexcept;

}  // namespace flux::python
