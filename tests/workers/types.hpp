#pragma once

#include <flux/nodes/tcp.hpp>

using flux::nodes::Connection;
