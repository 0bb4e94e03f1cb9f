// A request's class is frozen, and has slots: they are filled by their descriptors, which is what
// its own `__init__` does, too, by another way.

#include "messages.hpp"

#include <algorithm>
#include <string>

namespace flux::python {

namespace {

constexpr std::array names{"method",  "target", "path",       "query",  "version",
                           "headers", "body",   "keep_alive", "unread", "awaits_leave"};

Owned descriptor(PyObject* type, const char* name) {
  Owned found = checked(PyObject_GetAttrString(type, name));
  if (Py_TYPE(found.get())->tp_descr_set == nullptr) {
    PyErr_Format(PyExc_TypeError, "%s is no slot", name);
    throw Failed{};
  }
  return found;
}

void put(const Owned& place, const Owned& object, const Owned& value) {
  if (Py_TYPE(place.get())->tp_descr_set(place.get(), object.get(), value.get()) != 0) {
    throw Failed{};
  }
}

Owned instance(const Owned& type) {
  auto* const of = reinterpret_cast<PyTypeObject*>(type.get());
  return checked(of->tp_alloc(of, 0));
}

Owned lower(std::string_view name) {
  std::string key{name};
  std::ranges::transform(key, key.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return latin_1(key);
}

// The values that a field has so far, and one more.
Owned extended(PyObject* values, Owned value) {
  const Py_ssize_t count = values != nullptr ? PyTuple_GET_SIZE(values) : 0;
  Owned longer = checked(PyTuple_New(count + 1));
  for (Py_ssize_t index = 0; index < count; ++index) {
    PyTuple_SET_ITEM(longer.get(), index, Py_NewRef(PyTuple_GET_ITEM(values, index)));
  }
  PyTuple_SET_ITEM(longer.get(), count, value.release());
  return longer;
}

}  // namespace

Messages& messages() noexcept {
  static Messages& own = *new Messages;  // for good: the interpreter ends before destructors do
  return own;
}

void Messages::bind(PyObject* request, PyObject* headers, PyObject* error) {
  for (std::size_t index = 0; index < members; ++index) {
    places_[index] = descriptor(request, names[index]);
  }
  values_ = descriptor(headers, "_values");
  headers_ = share(headers);
  error_ = share(error);
  request_ = share(request);
}

Owned Messages::request(const nodes::Request& read) const {
  if (!request_) {
    PyErr_SetString(PyExc_RuntimeError, "`bind` has not been called");
    throw Failed{};
  }
  const Owned target = latin_1(read.target);
  const bool is_whole = read.path.data() == read.target.data() && read.path == read.target;
  const std::array<Owned, members> values{
      latin_1(read.method),
      share(target.get()),
      is_whole ? share(target.get())
               : checked(PyUnicode_DecodeUTF8(read.path.data(),
                                              static_cast<Py_ssize_t>(read.path.size()), nullptr)),
      latin_1(read.query),
      latin_1(read.version),
      headers(read.headers),
      bytes(read.body),
      share(read.keep_alive ? Py_True : Py_False),
      checked(PyLong_FromUnsignedLongLong(read.unread)),
      share(read.awaits_leave ? Py_True : Py_False),
  };
  Owned made = instance(request_);
  for (std::size_t index = 0; index < members; ++index) {
    put(places_[index], made, values[index]);
  }
  return made;
}

Owned Messages::headers(const nodes::Headers& read) const {
  const Owned values = checked(PyDict_New());
  for (const nodes::Field& field : read) {
    const Owned key = lower(field.name);
    PyObject* const known = PyDict_GetItemWithError(values.get(), key.get());
    if (known == nullptr && PyErr_Occurred() != nullptr) throw Failed{};
    const Owned all = extended(known, latin_1(field.value));
    if (PyDict_SetItem(values.get(), key.get(), all.get()) != 0) throw Failed{};
  }
  Owned made = instance(headers_);
  put(values_, made, values);
  return made;
}

void Messages::fail(const nodes::HttpError& error) const noexcept {
  if (!error_) return PyErr_SetString(PyExc_RuntimeError, error.what());
  const std::string_view reason = error.reason();
  const Owned made{PyObject_CallFunction(error_.get(), "is#", error.status(), reason.data(),
                                         static_cast<Py_ssize_t>(reason.size()))};
  if (made) PyErr_SetObject(error_.get(), made.get());
}

}  // namespace flux::python
