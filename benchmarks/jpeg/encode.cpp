// What libjpeg-turbo does alone: compresses the same pixels again and again, in so many threads.
//
//   encode PICTURE.ppm SECONDS THREADS QUALITY OUT.jpg
//
// Prints the number of pictures, the seconds and those of CPU as JSON, and writes one picture for
// comparison.

#include <cstddef>
#include <cstdio>
// jpeglib.h needs these first.
#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Picture {
  JDIMENSION width = 0;
  JDIMENSION height = 0;
  std::vector<JSAMPLE> pixels{};
};

Picture read_picture(const char* path) {
  std::ifstream file{path, std::ios::binary};
  std::string magic;
  int depth = 0;
  Picture picture;
  if (!(file >> magic >> picture.width >> picture.height >> depth) || magic != "P6") {
    throw std::runtime_error{std::string{"no PPM picture: "} + path};
  }
  file.get();
  picture.pixels.resize(std::size_t{3} * picture.width * picture.height);
  file.read(reinterpret_cast<char*>(picture.pixels.data()),
            static_cast<std::streamsize>(picture.pixels.size()));
  if (!file) throw std::runtime_error{std::string{"too short: "} + path};
  return picture;
}

// Into a buffer that is large enough for any picture of that size, so that it never grows.
std::size_t compress(const Picture& picture, int quality, std::vector<unsigned char>& buffer) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* out = buffer.data();
  unsigned long size = buffer.size();
  jpeg_mem_dest(&info, &out, &size);
  info.image_width = picture.width;
  info.image_height = picture.height;
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    std::array<JSAMPROW, 16> rows;
    const auto count = std::min<JDIMENSION>(rows.size(), info.image_height - info.next_scanline);
    for (JDIMENSION i = 0; i < count; ++i) {
      const auto row = std::size_t{3} * picture.width * (info.next_scanline + i);
      rows[i] = const_cast<JSAMPROW>(picture.pixels.data() + row);
    }
    jpeg_write_scanlines(&info, rows.data(), count);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  return size;
}

std::vector<unsigned char> room_for(const Picture& picture) {
  return std::vector<unsigned char>(2 * picture.pixels.size());
}

// How many pictures one thread compresses until then.
long compress_until(Clock::time_point end, const Picture& picture, int quality) {
  auto buffer = room_for(picture);
  long count = 0;
  for (; Clock::now() < end; ++count) compress(picture, quality, buffer);
  return count;
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void write_one(const char* path, const Picture& picture, int quality) {
  auto buffer = room_for(picture);
  const auto size = compress(picture, quality, buffer);
  std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(buffer.data()),
                                              static_cast<std::streamsize>(size));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const auto picture = read_picture(argv[1]);
  const int quality = std::atoi(argv[4]);
  write_one(argv[5], picture, quality);
  const auto start = Clock::now();
  const auto cpu_before = cpu_seconds();
  const auto end = start + std::chrono::duration_cast<Clock::duration>(Seconds{std::atof(argv[2])});
  std::vector<std::future<long>> threads;
  for (int i = std::atoi(argv[3]); i > 0; --i) {
    threads.push_back(
        std::async(std::launch::async, compress_until, end, std::cref(picture), quality));
  }
  long pictures = 0;
  for (auto& thread : threads) pictures += thread.get();
  std::printf("{\"pictures\": %ld, \"seconds\": %f, \"cpu\": %f}\n", pictures,
              Seconds{Clock::now() - start}.count(), cpu_seconds() - cpu_before);
  return 0;
}
