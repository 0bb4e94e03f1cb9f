#include "parsing.hpp"

#include <algorithm>
#include <limits>
#include <memory>

#include "messages.hpp"

namespace flux::python {

namespace {

struct Parser {
  PyObject_HEAD;
  nodes::RequestParser* parser;
  nodes::Limits limits;
};

nodes::RequestParser& parser_of(PyObject* self) noexcept {
  return *reinterpret_cast<Parser*>(self)->parser;
}

// What Python lets grow without a bound is bounded by what the engine counts with.
template <class Count>
Count limit(PyObject* limits, const char* name) {
  const Owned given = checked(PyObject_GetAttrString(limits, name));
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(given.get(), &overflow);
  if (value == -1 && overflow == 0 && PyErr_Occurred() != nullptr) throw Failed{};
  constexpr auto most = std::numeric_limits<Count>::max() / 4;
  if (overflow > 0) return most;
  if (overflow < 0 || value < 0) return 0;
  return static_cast<Count>(
      std::min<unsigned long long>(static_cast<unsigned long long>(value), most));
}

// A buffer's bytes, for as long as this lives; throws Failed.
class View {
 public:
  explicit View(PyObject* object) {
    if (PyObject_GetBuffer(object, &buffer_, PyBUF_SIMPLE) != 0) throw Failed{};
  }
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  ~View() { PyBuffer_Release(&buffer_); }

  std::string_view text() const noexcept {
    return {static_cast<const char*>(buffer_.buf), static_cast<std::size_t>(buffer_.len)};
  }

 private:
  Py_buffer buffer_{};
};

PyObject* make(PyTypeObject* type, PyObject* arguments, PyObject* named) noexcept {
  return guarded([&]() -> PyObject* {
    static const char* words[] = {"limits", nullptr};
    PyObject* given = nullptr;
    if (PyArg_ParseTupleAndKeywords(arguments, named, "|O", const_cast<char**>(words), &given) ==
        0) {
      throw Failed{};
    }
    const nodes::Limits limits = limits_of(given);
    auto parser = std::make_unique<nodes::RequestParser>(limits);
    Owned self = checked(type->tp_alloc(type, 0));
    reinterpret_cast<Parser*>(self.get())->parser = parser.release();
    reinterpret_cast<Parser*>(self.get())->limits = limits;
    return self.release();
  });
}

void unmake(PyObject* self) noexcept {
  PyTypeObject* const type = Py_TYPE(self);
  delete reinterpret_cast<Parser*>(self)->parser;
  type->tp_free(self);
  Py_DECREF(type);
}

PyObject* feed(PyObject* self, PyObject* const* arguments, Py_ssize_t count) noexcept {
  return guarded([&]() -> PyObject* {
    if (count > 1) {
      PyErr_SetString(PyExc_TypeError, "feed takes one piece of bytes, or none");
      throw Failed{};
    }
    if (count == 1) parser_of(self).feed(View{arguments[0]}.text());
    const nodes::Request* const request = parser_of(self).next();
    return request != nullptr ? messages().request(*request).release() : Py_NewRef(Py_None);
  });
}

PyObject* continuation(PyObject* self, PyObject*) noexcept {
  return guarded([&] { return bytes(parser_of(self).continuation()).release(); });
}

// Whoever gets it reads it anew: nothing of it stays here.
PyObject* rest(PyObject* self, PyObject*) noexcept {
  return guarded([&]() -> PyObject* {
    Owned text = bytes(parser_of(self).rest());
    parser_of(self) = nodes::RequestParser(reinterpret_cast<Parser*>(self)->limits);
    return text.release();
  });
}

PyMethodDef methods[] = {
    {"feed", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(feed)), METH_FASTCALL,
     "Add bytes; the next request once it is whole."},
    {"continuation", continuation, METH_NOARGS, "What to send before more can come, once."},
    {"rest", rest, METH_NOARGS, "Take out the bytes that came after the last request."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(make)},
    {Py_tp_dealloc, reinterpret_cast<void*>(unmake)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

PyType_Spec specification = {
    .name = "flux_nodes.RequestParser",
    .basicsize = sizeof(Parser),
    .itemsize = 0,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = slots,
};

}  // namespace

nodes::Limits limits_of(PyObject* limits) {
  if (limits == nullptr || limits == Py_None) return {};
  return {
      .target = limit<std::uint32_t>(limits, "target"),
      .headers = limit<std::uint32_t>(limits, "headers"),
      .header_count = limit<std::uint32_t>(limits, "header_count"),
      .body = limit<std::size_t>(limits, "body"),
      .streamed = limit<std::uint64_t>(limits, "streamed"),
  };
}

PyObject* new_parser_type() noexcept { return PyType_FromSpec(&specification); }

}  // namespace flux::python
