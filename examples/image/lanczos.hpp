// Pictures scaled to another size by Lanczos's filter.
//
// Theory. A sample of the new picture is a weighted mean of the old samples around the place that
// it stands for. The weights are L(x) = sinc(x) sinc(x / 3) for |x| < 3, where x is the distance in
// old samples; where the picture shrinks, in new ones, so that the mean is over all that the new
// sample covers and fine patterns fade instead of turning into coarse ones. The filter is
// separable: first across, each row to the new width, then down, each column to the new height.

#pragma once

#include <cstddef>

#include "ppm.hpp"

namespace lanczos {

// A picture in another size. Half-way, it has the new width and the old height.
ppm::Pixels resize(const ppm::Pixels& pixels, std::size_t width, std::size_t height);

}  // namespace lanczos
