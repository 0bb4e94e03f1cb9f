// What a socket gives or takes at once: no call here waits, or gives up the interpreter's lock.
//
// To give it up and take it again costs more than a small read or write, and on fibers lets nobody
// else run in between.

#pragma once

#include "objects.hpp"

namespace flux::python {

// `request_at_once(descriptor, buffer, limits)`: the request that has come, if it is whole. What
// has come of another one, or after it, stays in the buffer. OSError, HttpError.
PyObject* request_at_once(PyObject* module, PyObject* const* arguments, Py_ssize_t count) noexcept;

// `send_at_once(descriptor, parts)`: how much of small parts was taken; -1 is all. OSError.
PyObject* send_at_once(PyObject* module, PyObject* const* arguments, Py_ssize_t count) noexcept;

// `accept_at_once(descriptor)`: a client's descriptor, which doesn't wait, and its (host, port);
// None if nobody has come. OSError.
PyObject* accept_at_once(PyObject* module, PyObject* const* arguments, Py_ssize_t count) noexcept;

}  // namespace flux::python
