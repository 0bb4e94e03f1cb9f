// HTTP/1.1 for servers: a codec without I/O, and a blocking reader on top of it.
//
// The twin of `flux.nodes.http`: docs/nodes.md describes both.

#pragma once

#include <cstddef>
#include <span>
#include <system_error>

#include "flux/nodes/http_message.hpp"
#include "flux/nodes/http_parser.hpp"
#include "flux/nodes/http_response.hpp"
#include "flux/nodes/tcp.hpp"

namespace flux::nodes {

// The client closed the connection before its request was whole: there is nobody to answer.
class Disconnected : public std::system_error {
  using std::system_error::system_error;
};

// The next request of a connection, body included; it is valid until the next one is read from the
// connection. What follows it stays with the connection. A client that waits for `100 Continue`
// gets it.
//
// Throws HttpError if the request can't be read, with the status 408 if it isn't whole at the
// deadline; Disconnected if the client has gone. After both, close the connection: where the next
// request begins isn't known. Without a deadline each wait may last as long as the listener's
// `timeout` says, and the request as a whole any time. The first call sets the limits.
Request read_request(const Connection& connection, const Limits& limits = {},
                     Deadline deadline = {});

// The next bytes of a body that `read_request` has left, as `Limits::streamed` lets it: how many, 0
// at the end. A client that waits for `100 Continue` gets it. Throws what `read_request` does;
// close the connection behind it: no other request is read from there.
std::size_t read_body(const Connection& connection, std::span<char> into, Deadline deadline = {});

}  // namespace flux::nodes
