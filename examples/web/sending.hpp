// Replies on their way out.

#pragma once

#include "exchange.hpp"

// Send a reply as far as the client takes it, and note in it how far that was; `head` is for HEAD.
void send(const Request& request, Reply& reply, bool head);
