// PPM and PGM pictures, netpbm's P6 and P5, read into samples of eight bits.
//
//     P6              magic: P6 is red, green, blue; P5 is grey
//     # a comment     from `#` to the end of the line, wherever white space may stand
//     640 480         width and height
//     255             maxval: the sample that means full light, 1 to 65535
//     <samples>       after one white space: row by row, two bytes each (big end first)
//                     when maxval is above 255
//
// A file is not to be trusted: nothing is read on the strength of a header before the header's
// claims are found to be within bounds. What follows the samples is not looked at.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string_view>

namespace ppm {

constexpr std::size_t header_limit = 4096;
constexpr std::size_t max_side = 65'500;  // what a JPEG can hold
constexpr std::size_t max_maxval = 65'535;

// A file is no PPM or PGM picture, or is one beyond the bounds.
class BadPicture : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A picture as its samples, one byte each, row by row.
struct Pixels {
  std::size_t channels = 0;
  std::size_t width = 0;
  std::size_t height = 0;
  std::unique_ptr<std::uint8_t[]> samples;

  [[nodiscard]] std::size_t row_size() const { return width * channels; }
  [[nodiscard]] std::span<std::uint8_t> row(std::size_t y) const {
    return {samples.get() + y * row_size(), row_size()};
  }
};

// What a picture says of itself, and where its samples begin.
struct Header {
  std::size_t channels = 0;
  std::size_t width = 0;
  std::size_t height = 0;
  std::size_t maxval = 0;
  std::size_t length = 0;

  // How many bytes the samples take in the file.
  [[nodiscard]] std::size_t raster_size() const {
    return width * height * channels * (maxval < 256 ? 1 : 2);
  }
};

// The picture in a file; BadPicture, or std::system_error.
Pixels read(int file, std::size_t max_pixels);

// The header that a file begins with, or BadPicture.
Header parse_header(std::string_view start);

}  // namespace ppm
