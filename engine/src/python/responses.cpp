#include "responses.hpp"

#include <array>
#include <flux/nodes/http_response.hpp>
#include <optional>
#include <utility>

#include "messages.hpp"

namespace flux::python {

namespace {

constexpr std::size_t most_fields = 32;

constexpr std::array<std::pair<const char*, nodes::Framing>, 3> framings{
    {{"length", nodes::Framing::length},
     {"chunks", nodes::Framing::chunks},
     {"end", nodes::Framing::end}}};

PyObject*& in_python() noexcept {
  static PyObject* function = nullptr;
  return function;
}

class Fields {
 public:
  bool add(PyObject* name, PyObject* value) noexcept {
    if (count_ == most_fields || !is_latin_1(name) || !is_latin_1(value)) return false;
    fields_[count_++] = {text(name), text(value)};
    return true;
  }

  bool add_all(PyObject* headers) noexcept {
    if (headers == Py_None) return true;
    if (!PyDict_CheckExact(headers)) return false;
    Py_ssize_t place = 0;
    PyObject* name = nullptr;
    PyObject* value = nullptr;
    while (PyDict_Next(headers, &place, &name, &value) != 0) {
      if (!add(name, value)) return false;
    }
    return true;
  }

  std::span<const nodes::Field> all() const noexcept { return {fields_.data(), count_}; }

 private:
  static bool is_latin_1(PyObject* object) noexcept {
    return PyUnicode_Check(object) && is_ready(object) &&
           PyUnicode_KIND(object) == PyUnicode_1BYTE_KIND;
  }

  // From 3.12 on each text is.
  static bool is_ready([[maybe_unused]] PyObject* object) noexcept {
#if PY_VERSION_HEX < 0x030C0000
    return PyUnicode_READY(object) == 0;
#else
    return true;
#endif
  }

  static std::string_view text(PyObject* object) noexcept {
    return {reinterpret_cast<const char*>(PyUnicode_1BYTE_DATA(object)),
            static_cast<std::size_t>(PyUnicode_GET_LENGTH(object))};
  }

  std::array<nodes::Field, most_fields> fields_;
  std::size_t count_ = 0;
};

// What a call gives, if it is a usual one.
struct Call {
  long status = 0;
  PyObject* headers = Py_None;
  PyObject* body = nullptr;  // none: empty
  nodes::ResponseOptions options{};

  bool read(PyObject* const* arguments, Py_ssize_t count, PyObject* names) noexcept {
    if (count < 1 || count > 3) return false;
    status = PyLong_Check(arguments[0]) ? PyLong_AsLong(arguments[0]) : -1;
    if (count > 1) headers = arguments[1];
    if (count > 2) body = arguments[2];
    const Py_ssize_t named = names != nullptr ? PyTuple_GET_SIZE(names) : 0;
    for (Py_ssize_t index = 0; index < named; ++index) {
      if (!take(PyTuple_GET_ITEM(names, index), arguments[count + index])) return false;
    }
    return status >= 100 && status <= 999 && (body == nullptr || PyBytes_CheckExact(body));
  }

  bool take(PyObject* name, PyObject* value) noexcept {
    if (PyUnicode_CompareWithASCIIString(name, "body") == 0) {
      body = value;
      return true;
    }
    if (PyUnicode_CompareWithASCIIString(name, "headers") == 0) {
      headers = value;
      return true;
    }
    if (PyUnicode_CompareWithASCIIString(name, "length") == 0) return take_length(value);
    if (PyUnicode_CompareWithASCIIString(name, "framing") == 0) return take_framing(value);
    if (!PyBool_Check(value)) return false;
    const bool is_true = value == Py_True;
    if (PyUnicode_CompareWithASCIIString(name, "head") == 0) {
      options.head = is_true;
      return true;
    }
    options.keep_alive = is_true;
    return PyUnicode_CompareWithASCIIString(name, "keep_alive") == 0;
  }

  bool take_length(PyObject* value) noexcept {
    if (value == Py_None) return true;
    if (!PyLong_CheckExact(value)) return false;
    options.length = PyLong_AsUnsignedLongLong(value);
    return PyErr_Occurred() == nullptr;
  }

  bool take_framing(PyObject* value) noexcept {
    if (!PyUnicode_Check(value)) return false;
    for (const auto& [name, framing] : framings) {
      if (PyUnicode_CompareWithASCIIString(value, name) != 0) continue;
      options.framing = framing;
      return true;
    }
    return false;
  }

  std::string_view text() const noexcept {
    if (body == nullptr) return {};
    return {PyBytes_AS_STRING(body), static_cast<std::size_t>(PyBytes_GET_SIZE(body))};
  }
};

// Nothing if Python is to say what is wrong.
std::optional<nodes::Response> written(const Call& call, const Fields& fields) noexcept {
  try {
    return nodes::response(static_cast<int>(call.status), fields.all(), nodes::Bytes{call.text()},
                           call.options);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

PyObject* parts(const nodes::Response& response, PyObject* body) {
  Owned head = bytes(response.head());
  const bool has_body = response.body().size() > 0;
  Owned list = checked(PyList_New(has_body ? 2 : 1));
  PyList_SET_ITEM(list.get(), 0, head.release());
  if (has_body) PyList_SET_ITEM(list.get(), 1, Py_NewRef(body));
  return list.release();
}

}  // namespace

PyObject* response(PyObject*, PyObject* const* arguments, Py_ssize_t count,
                   PyObject* names) noexcept {
  return guarded([&]() -> PyObject* {
    Call call;
    Fields fields;
    if (call.read(arguments, count, names) && fields.add_all(call.headers)) {
      if (const auto made = written(call, fields)) return parts(*made, call.body);
    }
    PyErr_Clear();
    if (in_python() == nullptr) {
      PyErr_SetString(PyExc_RuntimeError, "`bind_response` has not been called");
      throw Failed{};
    }
    return PyObject_Vectorcall(in_python(), arguments, static_cast<std::size_t>(count), names);
  });
}

PyObject* bind_response(PyObject*, PyObject* function) noexcept {
  Py_XSETREF(in_python(), Py_NewRef(function));
  return Py_NewRef(Py_None);
}

}  // namespace flux::python
