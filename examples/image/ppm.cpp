#include "ppm.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace ppm {
namespace {

// Walks through a header; what isn't there, or isn't whole, makes it a BadPicture.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_{text} {}

  [[nodiscard]] std::size_t position() const { return position_; }

  std::size_t channels() {
    const auto magic = text_.substr(0, 2);
    if (magic != "P5" && magic != "P6") fail();
    position_ = 2;
    return magic == "P5" ? 1 : 3;
  }

  std::size_t number() {
    do gap();
    while (is_at_gap());
    const auto digits = text_.substr(position_, most_digits);
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value);
    if (error != std::errc{}) fail();
    position_ += static_cast<std::size_t>(end - digits.begin());
    return value;
  }

  // One white space, or one comment and the end of its line.
  void gap() {
    if (!is_at_gap()) fail();
    if (text_[position_] == '#')
      position_ = std::min(text_.find_first_of("\r\n", position_), end());
    if (position_++ == end()) fail();
  }

 private:
  static constexpr std::size_t most_digits = 10;
  static constexpr std::string_view gaps = " \t\n\v\f\r#";

  [[noreturn]] static void fail() { throw BadPicture{"no P5 or P6 header"}; }

  [[nodiscard]] std::size_t end() const { return text_.size(); }
  [[nodiscard]] bool is_at_gap() const {
    return position_ < end() && gaps.find(text_[position_]) != gaps.npos;
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

[[noreturn]] void fail_to(const char* act) {
  throw std::system_error{errno, std::generic_category(), std::string{"cannot "} + act};
}

// Fill a buffer from a place in a file; how much of it there was.
std::size_t read_at(int file, std::size_t place, std::span<std::uint8_t> buffer) {
  std::size_t size = 0;
  while (size < buffer.size()) {
    const auto got =
        ::pread(file, buffer.data() + size, buffer.size() - size, static_cast<off_t>(place + size));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_to("read");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  return size;
}

Header read_header(int file) {
  std::array<std::uint8_t, header_limit> start;
  const auto size = read_at(file, 0, start);
  return parse_header({reinterpret_cast<const char*>(start.data()), size});
}

// For each value that a sample can have, its share of `maxval` in eight bits; above it, all.
std::vector<std::uint8_t> scale(std::size_t maxval, std::size_t values) {
  std::vector<std::uint8_t> shares(values);
  for (std::size_t value = 0; value < values; ++value) {
    const auto share = static_cast<double>(value) / static_cast<double>(maxval) * 255;
    shares[value] = static_cast<std::uint8_t>(std::min(255.0, std::nearbyint(share)));
  }
  return shares;
}

void check_bound(const Header& header, std::size_t max_pixels) {
  if (header.width * header.height <= max_pixels) return;
  throw BadPicture{std::to_string(header.width) + " x " + std::to_string(header.height) +
                   " is above " + std::to_string(max_pixels) + " pixels"};
}

void check_length(int file, const Header& header) {
  struct stat found {};
  if (::fstat(file, &found) != 0) fail_to("look at");
  const auto size = static_cast<std::size_t>(found.st_size);
  const auto there = size - std::min(size, header.length);
  if (there >= header.raster_size()) return;
  throw BadPicture{std::to_string(there) + " bytes of samples instead of " +
                   std::to_string(header.raster_size())};
}

}  // namespace

Raster::Raster(File file, std::size_t max_pixels)
    : file_{std::move(file)}, header_{read_header(file_.descriptor())} {
  check_bound(header_, max_pixels);
  check_length(file_.descriptor(), header_);
  if (header_.maxval != 255) {
    shares_ = scale(header_.maxval, header_.sample_size() == 1 ? 256 : 65'536);
  }
}

void Raster::read(std::size_t top, std::span<std::uint8_t> rows) const {
  const auto place = header_.length + top * row_size() * header_.sample_size();
  if (header_.sample_size() == 1) {
    read_samples(place, rows);
    if (shares_.empty()) return;
    for (auto& sample : rows) sample = shares_[sample];
    return;
  }
  std::vector<std::uint8_t> pairs(2 * rows.size());
  read_samples(place, pairs);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = shares_[pairs[2 * i] * 256U + pairs[2 * i + 1]];
  }
}

void Raster::read_samples(std::size_t place, std::span<std::uint8_t> samples) const {
  if (read_at(file_.descriptor(), place, samples) < samples.size()) {
    throw BadPicture{"samples have gone while they were read"};
  }
}

Pixels Raster::pixels() const {
  auto samples = std::make_unique_for_overwrite<std::uint8_t[]>(row_size() * height());
  Pixels pixels{channels(), width(), height(), std::move(samples)};
  for (std::size_t y = 0; y < height(); ++y) read(y, pixels.row(y));
  return pixels;
}

Header parse_header(std::string_view start) {
  Scanner scanner{start};
  Header header;
  header.channels = scanner.channels();
  header.width = scanner.number();
  header.height = scanner.number();
  header.maxval = scanner.number();
  scanner.gap();
  header.length = scanner.position();
  const auto is_side = [](std::size_t side) { return 0 < side && side <= max_side; };
  if (!is_side(header.width) || !is_side(header.height)) {
    throw BadPicture{"no size for a picture: " + std::to_string(header.width) + " x " +
                     std::to_string(header.height)};
  }
  if (header.maxval == 0 || header.maxval > max_maxval) {
    throw BadPicture{"no maxval: " + std::to_string(header.maxval)};
  }
  return header;
}

}  // namespace ppm
