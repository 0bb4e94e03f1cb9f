#include "lanczos.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numbers>
#include <span>
#include <vector>

namespace lanczos {
namespace {

constexpr double lobes = 3;

// Which old samples a new one is the mean of, and their weights, whose sum is 1.
struct Window {
  std::size_t first;
  std::span<const float> weights;
};

double sinc(double x) {
  return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

double lanczos(double x) { return std::abs(x) < lobes ? sinc(x) * sinc(x / lobes) : 0; }

// The windows of all new samples along one side of a picture.
class Windows {
 public:
  Windows(std::size_t old_side, std::size_t new_side)
      : old_side_{old_side},
        step_{static_cast<double>(old_side) / static_cast<double>(new_side)},
        stretch_{std::max(step_, 1.0)} {
    starts_.reserve(new_side + 1);
    starts_.push_back(0);
    firsts_.reserve(new_side);
    for (std::size_t i = 0; i < new_side; ++i) add((static_cast<double>(i) + 0.5) * step_);
  }

  [[nodiscard]] std::size_t size() const { return firsts_.size(); }

  Window operator[](std::size_t i) const {
    return {firsts_[i], std::span{weights_}.subspan(starts_[i], starts_[i + 1] - starts_[i])};
  }

 private:
  void add(double centre) {
    const auto reach = lobes * stretch_;
    const auto first = static_cast<std::size_t>(std::max(0.0, std::round(centre - reach)));
    const auto end = std::min(old_side_, static_cast<std::size_t>(std::round(centre + reach)));
    double sum = 0;
    for (auto i = first; i < end; ++i) sum += weight(i, centre);
    for (auto i = first; i < end; ++i) {
      weights_.push_back(static_cast<float>(weight(i, centre) / sum));
    }
    firsts_.push_back(first);
    starts_.push_back(weights_.size());
  }

  [[nodiscard]] double weight(std::size_t i, double centre) const {
    return lanczos((static_cast<double>(i) + 0.5 - centre) / stretch_);
  }

  std::size_t old_side_;
  double step_;
  double stretch_;
  std::vector<std::size_t> firsts_;
  std::vector<std::size_t> starts_;
  std::vector<float> weights_;
};

std::uint8_t to_sample(float value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F);
}

ppm::Pixels blank(std::size_t channels, std::size_t width, std::size_t height) {
  const auto size = channels * width * height;
  return {channels, width, height, std::make_unique_for_overwrite<std::uint8_t[]>(size)};
}

// Rows are scaled eight at a time, their samples interleaved, so that the compiler can use vector
// instructions: samples beside each other have the same weight.
constexpr std::size_t band_height = 8;

void interleave(const ppm::Pixels& pixels, std::size_t top, std::span<float> band) {
  const auto rows = std::min(band_height, pixels.height - top);
  for (std::size_t y = 0; y < rows; ++y) {
    const auto row = pixels.row(top + y);
    for (std::size_t i = 0; i < row.size(); ++i) band[i * band_height + y] = row[i];
  }
}

template <std::size_t Channels>
std::array<float, Channels * band_height> mean(std::span<const float> band, Window window) {
  std::array<float, Channels * band_height> sums{};
  const auto* samples = band.data() + window.first * sums.size();
  for (const auto weight : window.weights) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += weight * samples[i];
    samples += sums.size();
  }
  return sums;
}

template <std::size_t Channels>
ppm::Pixels across(const ppm::Pixels& pixels, std::size_t width) {
  const Windows windows{pixels.width, width};
  auto scaled = blank(Channels, width, pixels.height);
  std::vector<float> band(pixels.row_size() * band_height);
  for (std::size_t top = 0; top < pixels.height; top += band_height) {
    interleave(pixels, top, band);
    const auto rows = std::min(band_height, pixels.height - top);
    for (std::size_t x = 0; x < width; ++x) {
      const auto means = mean<Channels>(band, windows[x]);
      for (std::size_t y = 0; y < rows; ++y) {
        auto* sample = scaled.row(top + y).data() + x * Channels;
        for (auto i = y; i < means.size(); i += band_height) *sample++ = to_sample(means[i]);
      }
    }
  }
  return scaled;
}

ppm::Pixels down(const ppm::Pixels& pixels, std::size_t height) {
  const Windows windows{pixels.height, height};
  auto scaled = blank(pixels.channels, pixels.width, height);
  std::vector<float> sums(pixels.row_size());
  for (std::size_t y = 0; y < height; ++y) {
    const auto window = windows[y];
    std::fill(sums.begin(), sums.end(), 0.0F);
    for (std::size_t i = 0; i < window.weights.size(); ++i) {
      const auto row = pixels.row(window.first + i);
      for (std::size_t x = 0; x < sums.size(); ++x) sums[x] += window.weights[i] * row[x];
    }
    std::transform(sums.begin(), sums.end(), scaled.row(y).begin(), to_sample);
  }
  return scaled;
}

}  // namespace

ppm::Pixels resize(const ppm::Pixels& pixels, std::size_t width, std::size_t height) {
  if (width == pixels.width) return down(pixels, height);
  const auto scaled = pixels.channels == 1 ? across<1>(pixels, width) : across<3>(pixels, width);
  return down(scaled, height);
}

}  // namespace lanczos
