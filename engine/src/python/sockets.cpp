#include "sockets.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <flux/nodes/descriptor.hpp>
#include <flux/nodes/http_parser.hpp>
#include <memory>

#include "messages.hpp"
#include "parsing.hpp"

namespace flux::python {

namespace {

constexpr std::size_t largest_read = 16 * 1024;
constexpr std::size_t largest_send = 16 * 1024;

bool would_block() noexcept { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int descriptor_of(PyObject* number) {
  const long descriptor = PyLong_AsLong(number);
  if (descriptor == -1 && PyErr_Occurred() != nullptr) throw Failed{};
  return static_cast<int>(descriptor);
}

void expect(Py_ssize_t count, Py_ssize_t wanted) {
  if (count != wanted) {
    PyErr_SetString(PyExc_TypeError, "wrong number of arguments");
    throw Failed{};
  }
}

// A parser that has nothing to read, kept for the next request with the same limits. Whoever takes
// it has it alone: an object that he makes may have Python collect garbage, and others run.
class Spare {
 public:
  std::unique_ptr<nodes::RequestParser> take(PyObject* limits) {
    if (parser_ != nullptr && limits_.get() == limits) return std::move(parser_);
    return std::make_unique<nodes::RequestParser>(limits_of(limits));
  }

  void keep(std::unique_ptr<nodes::RequestParser> parser, PyObject* limits) {
    parser->release();
    parser_ = std::move(parser);
    if (limits_.get() != limits) limits_ = share(limits);
  }

 private:
  std::unique_ptr<nodes::RequestParser> parser_;
  Owned limits_;
};

Spare& spare() noexcept {
  static Spare& own = *new Spare;
  return own;
}

void append(PyObject* buffer, std::string_view text) {
  if (text.empty()) return;
  const Py_ssize_t before = PyByteArray_GET_SIZE(buffer);
  if (PyByteArray_Resize(buffer, before + static_cast<Py_ssize_t>(text.size())) != 0) {
    throw Failed{};
  }
  std::memcpy(PyByteArray_AS_STRING(buffer) + before, text.data(), text.size());
}

// A read as large as this may have left something; who asks then reads on.
PyObject* parsed(std::string_view text, PyObject* buffer, PyObject* limits) {
  if (text.size() == largest_read) {
    append(buffer, text);
    return Py_NewRef(Py_None);
  }
  auto parser = spare().take(limits);
  parser->feed(text);
  const nodes::Request* const request = parser->next();
  if (request == nullptr) {
    append(buffer, text);
    return Py_NewRef(Py_None);
  }
  Owned made = messages().request(*request);
  append(buffer, parser->rest());
  if (parser->rest().empty() && parser->left() == 0) spare().keep(std::move(parser), limits);
  return made.release();
}

// Parts as they are, put together; nothing if they are too large.
std::size_t gather(PyObject* parts, std::array<char, largest_send>& together) {
  std::size_t size = 0;
  for (Py_ssize_t index = 0; index < PyTuple_GET_SIZE(parts); ++index) {
    Py_buffer part;
    if (PyObject_GetBuffer(PyTuple_GET_ITEM(parts, index), &part, PyBUF_SIMPLE) != 0)
      throw Failed{};
    const auto length = static_cast<std::size_t>(part.len);
    const bool fits = length <= together.size() - size;
    if (fits && length > 0) std::memcpy(together.data() + size, part.buf, length);
    PyBuffer_Release(&part);
    if (!fits) return 0;
    size += length;
  }
  return size;
}

PyObject* failed() {
  PyErr_SetFromErrno(PyExc_OSError);
  throw Failed{};
}

Owned peer_of(const sockaddr* address, socklen_t size) {
  std::array<char, NI_MAXHOST> host;
  std::array<char, NI_MAXSERV> port;
  if (::getnameinfo(address, size, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    PyErr_SetString(PyExc_OSError, "a client has no address");
    throw Failed{};
  }
  return checked(Py_BuildValue("(si)", host.data(), std::atoi(port.data())));
}

}  // namespace

PyObject* request_at_once(PyObject*, PyObject* const* arguments, Py_ssize_t count) noexcept {
  return guarded([&]() -> PyObject* {
    expect(count, 3);
    if (!PyByteArray_Check(arguments[1])) {
      PyErr_SetString(PyExc_TypeError, "a buffer is a bytearray");
      throw Failed{};
    }
    std::array<char, largest_read> text;
    const ssize_t got = ::recv(descriptor_of(arguments[0]), text.data(), text.size(), MSG_DONTWAIT);
    if (got < 0 && !would_block()) return failed();
    if (got <= 0) return Py_NewRef(Py_None);
    return parsed({text.data(), static_cast<std::size_t>(got)}, arguments[1], arguments[2]);
  });
}

PyObject* accept_at_once(PyObject*, PyObject* const* arguments, Py_ssize_t count) noexcept {
  return guarded([&]() -> PyObject* {
    expect(count, 1);
    sockaddr_storage storage;
    socklen_t size = sizeof storage;
    auto* const address = reinterpret_cast<sockaddr*>(&storage);
    nodes::detail::Descriptor client{
        ::accept4(descriptor_of(arguments[0]), address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (!client && !would_block()) return failed();
    if (!client) return Py_NewRef(Py_None);
    Owned peer = peer_of(address, size);
    Owned made = checked(Py_BuildValue("(iO)", client.get(), peer.get()));
    client.release();
    return made.release();
  });
}

PyObject* send_at_once(PyObject*, PyObject* const* arguments, Py_ssize_t count) noexcept {
  return guarded([&]() -> PyObject* {
    expect(count, 2);
    if (!PyTuple_Check(arguments[1])) {
      PyErr_SetString(PyExc_TypeError, "parts are a tuple");
      throw Failed{};
    }
    std::array<char, largest_send> together;
    const std::size_t size = gather(arguments[1], together);
    if (size == 0) return PyLong_FromLong(0);
    const ssize_t sent =
        ::send(descriptor_of(arguments[0]), together.data(), size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && !would_block()) return failed();
    if (sent == static_cast<ssize_t>(size)) return PyLong_FromLong(-1);
    return PyLong_FromLong(sent < 0 ? 0 : static_cast<long>(sent));
  });
}

}  // namespace flux::python
