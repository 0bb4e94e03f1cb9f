// Replies on their way out.

#pragma once

#include <flux/nodes/http_response.hpp>

#include "exchange.hpp"

// How the client learns where the body ends; HTTP/1.0 has no chunks.
flux::nodes::Framing framing_of(const Request& request, const Reply& reply);

// Send a reply as far as the client takes it, and note in it how far that was; `head` is for HEAD.
void send(const Request& request, Reply& reply, bool head);
