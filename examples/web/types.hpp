// The types that flow in web.flux.

#pragma once

#include <cstdint>
#include <flux/nodes/tcp.hpp>
#include <vector>

#include "exchange.hpp"
#include "journal.hpp"
#include "pages.hpp"

using flux::nodes::Connection;
using Entries = std::vector<journal::Entry>;
