// `flux_nodes`: the engine's codec for `flux.nodes`, as a module of Python.
//
// It is compiled for one interpreter, where there is a compiler; `flux.nodes.native` loads it. What
// it gives can't be told from what Python's own functions give, which are the reference, and are
// used wherever it is missing.

#include "messages.hpp"
#include "objects.hpp"
#include "parsing.hpp"
#include "responses.hpp"
#include "sockets.hpp"

namespace flux::python {

namespace {

PyObject* bind(PyObject*, PyObject* const* arguments, Py_ssize_t count) noexcept {
  return guarded([&]() -> PyObject* {
    if (count != 3) {
      PyErr_SetString(PyExc_TypeError, "bind takes Request, Headers and HttpError");
      throw Failed{};
    }
    messages().bind(arguments[0], arguments[1], arguments[2]);
    return Py_NewRef(Py_None);
  });
}

template <class Function>
PyCFunction as_method(Function* function) noexcept {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

PyMethodDef functions[] = {
    {"bind", as_method(bind), METH_FASTCALL, "Tell the classes of requests, headers and errors."},
    {"request_at_once", as_method(request_at_once), METH_FASTCALL,
     "The request that has come, if it is whole."},
    {"accept_at_once", as_method(accept_at_once), METH_FASTCALL,
     "The next client, if one has come."},
    {"send_at_once", as_method(send_at_once), METH_FASTCALL,
     "How much of small parts was taken; -1 is all."},
    {"response", as_method(response), METH_FASTCALL | METH_KEYWORDS, "The parts of a response."},
    {"bind_response", bind_response, METH_O, "Tell who writes unusual responses."},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "flux_nodes",
    .m_doc = "The engine's HTTP codec.",
    .m_size = -1,
    .m_methods = functions,
    .m_slots = nullptr,
    .m_traverse = nullptr,
    .m_clear = nullptr,
    .m_free = nullptr,
};

}  // namespace

}  // namespace flux::python

PyMODINIT_FUNC PyInit_flux_nodes() {
  using namespace flux::python;
  Owned module{PyModule_Create(&definition)};
  const Owned parser{module ? new_parser_type() : nullptr};
  if (!parser || PyModule_AddObjectRef(module.get(), "RequestParser", parser.get()) != 0) {
    return nullptr;
  }
  return module.release();
}
