// The types that flow in flows.flux: something shared, and something owned.

#pragma once

#include <memory>
#include <string>

using Handle = std::shared_ptr<const int>;
using Text = std::string;
