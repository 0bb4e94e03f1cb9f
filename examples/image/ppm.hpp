// PPM and PGM pictures, netpbm's P6 and P5, read as samples of eight bits.
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
//
// A picture stays in its file, and is read a few rows at a time: they are still in the processor's
// cache when they are used, and a flow takes little memory, however large its picture.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "file.hpp"

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

  // How many bytes a sample takes in the file, and all of them.
  [[nodiscard]] std::size_t sample_size() const { return maxval < 256 ? 1 : 2; }
  [[nodiscard]] std::size_t raster_size() const {
    return width * height * channels * sample_size();
  }
};

// A picture in a file that has all its samples; an empty one has no rows.
class Raster {
 public:
  Raster() = default;

  // BadPicture, or std::system_error.
  Raster(File file, std::size_t max_pixels);

  [[nodiscard]] std::size_t channels() const { return header_.channels; }
  [[nodiscard]] std::size_t width() const { return header_.width; }
  [[nodiscard]] std::size_t height() const { return header_.height; }
  [[nodiscard]] std::size_t row_size() const { return width() * channels(); }

  // Read whole rows from row `top` on. BadPicture if the file has lost them, or std::system_error.
  void read(std::size_t top, std::span<std::uint8_t> rows) const;

  // All of the picture.
  [[nodiscard]] Pixels pixels() const;

 private:
  void read_samples(std::size_t place, std::span<std::uint8_t> samples) const;

  File file_;
  Header header_;
  std::vector<std::uint8_t> shares_;  // by value of a sample, its eight bits; none if it is these
};

// The header that a file begins with, or BadPicture.
Header parse_header(std::string_view start);

}  // namespace ppm
