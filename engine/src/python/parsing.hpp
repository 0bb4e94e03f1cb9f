// The parser of the engine, as a class of Python, and limits as Python has them.

#pragma once

#include <flux/nodes/http_parser.hpp>

#include "objects.hpp"

namespace flux::python {

// Those of a `flux.nodes.http.Limits`, or (null, None) the usual ones; throws Failed.
nodes::Limits limits_of(PyObject* limits);

// `RequestParser`, which has the methods of the one in Python; null if it can't be made.
PyObject* new_parser_type() noexcept;

}  // namespace flux::python
