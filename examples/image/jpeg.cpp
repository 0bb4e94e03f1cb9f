#include "jpeg.hpp"

#include <jerror.h>
#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <new>
#include <span>
#include <string_view>
#include <utility>

#include "lanczos.hpp"

namespace jpeg {
namespace {

// Where libjpeg writes to: a vector that grows.
class Destination : public jpeg_destination_mgr {
 public:
  explicit Destination(std::size_t expected) : jpeg_destination_mgr{} {
    bytes_.reserve(expected);
    init_destination = [](j_compress_ptr info) { self(info).begin_block(); };
    empty_output_buffer = [](j_compress_ptr info) { return self(info).take(block_size); };
    term_destination = [](j_compress_ptr info) {
      self(info).take(block_size - self(info).free_in_buffer);
    };
  }

  // All that was written; the cache counts bytes, so none are in reserve.
  std::vector<std::uint8_t> bytes() && {
    bytes_.shrink_to_fit();
    return std::move(bytes_);
  }

 private:
  static constexpr std::size_t block_size = 16 * 1024;

  static Destination& self(j_compress_ptr info) { return static_cast<Destination&>(*info->dest); }

  void begin_block() {
    next_output_byte = block_.data();
    free_in_buffer = block_.size();
  }

  boolean take(std::size_t size) {
    bytes_.insert(bytes_.end(), block_.begin(), block_.begin() + static_cast<std::ptrdiff_t>(size));
    begin_block();
    return TRUE;
  }

  std::array<JOCTET, block_size> block_;
  std::vector<std::uint8_t> bytes_;
};

constexpr std::size_t rows_at_once = 16;  // a row of blocks, where colours are halved

// The rows of a picture from top to bottom, some at once: out of memory, or out of its file.
class Rows {
 public:
  explicit Rows(const ppm::Pixels& pixels)
      : channels{pixels.channels},
        width{pixels.width},
        height{pixels.height},
        samples_{pixels.samples.get()} {}

  explicit Rows(const ppm::Raster& raster)
      : channels{raster.channels()},
        width{raster.width()},
        height{raster.height()},
        raster_{&raster},
        strip_(rows_at_once * raster.row_size()) {}

  // Rows that stand one behind the other, up to the next call.
  std::uint8_t* get(std::size_t top, std::size_t count) {
    if (raster_ == nullptr) return samples_ + top * width * channels;
    raster_->read(top, std::span{strip_}.first(count * raster_->row_size()));
    return strip_.data();
  }

  const std::size_t channels;
  const std::size_t width;
  const std::size_t height;

 private:
  std::uint8_t* samples_ = nullptr;
  const ppm::Raster* raster_ = nullptr;
  std::vector<std::uint8_t> strip_;
};

// libjpeg's compressor. Its errors are exceptions, thrown right through it: its memory is given
// back by the destructor, as if it had returned.
class Compressor {
 public:
  explicit Compressor(Destination& destination) {
    info_.err = jpeg_std_error(&errors_);
    errors_.error_exit = fail;
    jpeg_create_compress(&info_);
    info_.dest = &destination;
  }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
  ~Compressor() { jpeg_destroy_compress(&info_); }

  void compress(Rows& picture, int quality) {
    info_.image_width = static_cast<JDIMENSION>(picture.width);
    info_.image_height = static_cast<JDIMENSION>(picture.height);
    info_.input_components = static_cast<int>(picture.channels);
    info_.in_color_space = picture.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, quality, TRUE);
    jpeg_start_compress(&info_, TRUE);
    while (info_.next_scanline < info_.image_height) write_rows(picture);
    jpeg_finish_compress(&info_);
  }

 private:
  [[noreturn]] static void fail(j_common_ptr info) {
    if (info->err->msg_code == JERR_OUT_OF_MEMORY) throw std::bad_alloc{};
    std::array<char, JMSG_LENGTH_MAX> text{};
    info->err->format_message(info, text.data());
    throw std::runtime_error{text.data()};
  }

  void write_rows(Rows& picture) {
    const auto count = std::min(rows_at_once, picture.height - info_.next_scanline);
    auto* row = picture.get(info_.next_scanline, count);
    std::array<JSAMPROW, rows_at_once> rows;
    for (std::size_t i = 0; i < count; ++i, row += picture.width * picture.channels) rows[i] = row;
    jpeg_write_scanlines(&info_, rows.data(), static_cast<JDIMENSION>(count));
  }

  jpeg_compress_struct info_{};
  jpeg_error_mgr errors_{};
};

std::vector<std::uint8_t> encode(Rows picture, int quality) {
  Destination destination{picture.width * picture.height / 8};  // what most of them take
  Compressor{destination}.compress(picture, quality);
  return std::move(destination).bytes();
}

// A name for some bytes that no others of the same picture have, as far as chance allows.
std::string tag_of(const std::vector<std::uint8_t>& data) {
  const std::string_view bytes{reinterpret_cast<const char*>(data.data()), data.size()};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%zx-%zx", data.size(),
                std::hash<std::string_view>{}(bytes));
  return text.data();
}

// A side in proportion: `side * part / whole`, to the nearest pixel.
std::size_t share(std::size_t side, std::size_t part, std::size_t whole) {
  const auto exact = static_cast<double>(side * part) / static_cast<double>(whole);
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::nearbyint(exact)));
}

}  // namespace

Jpeg compress(const ppm::Raster& raster, const Shape& shape, std::size_t max_pixels) {
  const auto [width, height] = fit(raster, shape, max_pixels);
  const auto is_as_asked = width == raster.width() && height == raster.height();
  auto data = is_as_asked
                  ? encode(Rows{raster}, shape.quality)
                  : encode(Rows{lanczos::resize(raster.pixels(), width, height)}, shape.quality);
  auto tag = tag_of(data);
  return {std::move(data), std::move(tag)};
}

// Scaling goes across, then down: the picture half-way, of the new width and the old height, must
// keep the bound too.
Size fit(const ppm::Raster& raster, const Shape& shape, std::size_t max_pixels) {
  auto [width, height] = Size{shape.width, shape.height};
  if (width == 0 && height == 0) return {raster.width(), raster.height()};
  if (width == 0) width = share(raster.width(), height, raster.height());
  if (height == 0) height = share(raster.height(), width, raster.width());
  if (std::max(width, height) > ppm::max_side ||
      width * std::max(height, raster.height()) > max_pixels) {
    throw BadShape{std::to_string(width) + " x " + std::to_string(height) +
                   " is more than this picture can be scaled to"};
  }
  return {width, height};
}

}  // namespace jpeg
