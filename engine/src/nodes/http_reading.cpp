#include <algorithm>
#include <stdexcept>

#include "flux/nodes/http.hpp"
#include "flux/nodes/veil.hpp"

namespace flux::nodes {

namespace {

// The parser of a connection, which keeps what follows a request for the next flow.
class Reader : public Protocol {
 public:
  explicit Reader(const Limits& limits) : parser(limits) {}

  bool has_input() const noexcept override { return !parser.rest().empty(); }
  bool is_over() const noexcept override { return parser.is_over(); }
  void rest() noexcept override { parser.release(); }

  RequestParser parser;
};

bool is_gone(const std::error_code& code) {
  return code == std::errc::connection_reset || code == std::errc::connection_aborted ||
         code == std::errc::broken_pipe || code == std::errc::not_connected;
}

// Waits for bytes of a request: how many.
std::size_t receive(const Connection& connection, RequestParser& parser, std::span<char> into,
                    Deadline deadline) {
  if (const auto leave = parser.continuation(); !leave.empty()) connection.send(leave, deadline);
  const std::size_t size = connection.receive(into, deadline);
  if (size == 0) {
    throw Disconnected(std::make_error_code(std::errc::connection_reset),
                       "the client has gone before its request was whole");
  }
  return size;
}

// Does something, and tells what fails in the words of HTTP.
template <class Work>
auto told(Work work) {
  try {
    return work();
  } catch (const Disconnected&) {
    throw;
  } catch (const Unveiled&) {
    throw HttpError(400, "this is HTTPS: ask for https://");
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::timed_out) throw HttpError(408);
    if (is_gone(error.code())) throw Disconnected(error.code());
    throw;
  }
}

}  // namespace

Request read_request(const Connection& connection, const Limits& limits, Deadline deadline) {
  RequestParser& parser = connection.protocol<Reader>(limits).parser;
  if (parser.left() > 0) throw std::logic_error("the body before this request was not read");
  parser.feed(connection.buffer());
  connection.buffer().clear();
  return told([&] {
    const Request* request = parser.next();
    for (; request == nullptr; request = parser.next()) {
      parser.commit(receive(connection, parser, parser.prepare(), deadline));
    }
    return *request;
  });
}

std::size_t read_body(const Connection& connection, std::span<char> into, Deadline deadline) {
  RequestParser& parser = connection.protocol<Reader>(Limits{}).parser;
  const auto wanted = into.first(std::min<std::uint64_t>(into.size(), parser.left()));
  if (const auto size = parser.take(wanted); size > 0 || wanted.empty()) return size;
  return told([&] {
    const std::size_t size = receive(connection, parser, wanted, deadline);
    parser.note_taken(size);
    return size;
  });
}

}  // namespace flux::nodes
