// Pixels into JPEGs, of the shape and quality that were asked for.

#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "ppm.hpp"

namespace jpeg {

constexpr int default_quality = 75;
constexpr int max_quality = 95;  // above it files grow, pictures don't

// A picture is asked for in a size beyond the bounds.
class BadShape : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The size and quality that were asked for; a side of 0 wasn't, and follows the other.
struct Shape {
  std::size_t width = 0;
  std::size_t height = 0;
  int quality = default_quality;

  bool operator==(const Shape&) const = default;
};

struct Size {
  std::size_t width;
  std::size_t height;
};

// A compressed picture; `tag` differs whenever the bytes do.
struct Jpeg {
  std::vector<std::uint8_t> data;
  std::string tag;
};

// The JPEG of a picture; BadShape, or what reading throws.
Jpeg compress(const ppm::Raster& raster, const Shape& shape, std::size_t max_pixels);

// The size that a picture is to have, or BadShape.
Size fit(const ppm::Raster& raster, const Shape& shape, std::size_t max_pixels);

}  // namespace jpeg
