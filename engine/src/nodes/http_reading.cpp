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

// Waits for more of a request.
void receive(const Connection& connection, RequestParser& parser, Deadline deadline) {
  if (const auto leave = parser.continuation(); !leave.empty()) connection.send(leave, deadline);
  const std::size_t size = connection.receive(parser.prepare(), deadline);
  if (size == 0) {
    throw Disconnected(std::make_error_code(std::errc::connection_reset),
                       "the client has gone before its request was whole");
  }
  parser.commit(size);
}

}  // namespace

Request read_request(const Connection& connection, const Limits& limits, Deadline deadline) {
  RequestParser& parser = connection.protocol<Reader>(limits).parser;
  parser.feed(connection.buffer());
  connection.buffer().clear();
  try {
    const Request* request = parser.next();
    for (; request == nullptr; request = parser.next()) receive(connection, parser, deadline);
    return *request;
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

}  // namespace flux::nodes
