// The types that flow in image.flux.

#pragma once

#include <flux/nodes/tcp.hpp>

#include "picture.hpp"
#include "ppm.hpp"

using flux::nodes::Connection;
using Pixels = ppm::Raster;  // they stay in their file until Compress reads them
