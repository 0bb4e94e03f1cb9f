// What libjpeg-turbo does alone: compresses the same pixels again and again, in so many threads.
//
//   encode PICTURE.ppm SECONDS THREADS QUALITY OUT.jpg memory|file
//
// They stand in memory, or are read out of the file again for each JPEG, as many rows at a time as
// libjpeg-turbo takes: so they are still in the processor's cache.
//
// Prints the number of pictures, the seconds and those of CPU as JSON, and writes one picture for
// comparison.

#include <cstddef>
#include <cstdio>
// jpeglib.h needs these first.
#include <fcntl.h>
#include <jpeglib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
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

constexpr JDIMENSION rows_at_once = 16;

struct Picture {
  JDIMENSION width = 0;
  JDIMENSION height = 0;
  std::vector<JSAMPLE> pixels{};
  std::streamoff start = 0;  // of the pixels in their file

  std::size_t row_size() const { return std::size_t{3} * width; }
};

// Where the rows of a picture come from.
class Rows {
 public:
  virtual ~Rows() = default;
  virtual JSAMPLE* get(JDIMENSION first, JDIMENSION count) = 0;
};

class InMemory final : public Rows {
 public:
  explicit InMemory(const Picture& picture) : picture_{picture} {}

  JSAMPLE* get(JDIMENSION first, JDIMENSION) override {
    return const_cast<JSAMPLE*>(picture_.pixels.data()) + picture_.row_size() * first;
  }

 private:
  const Picture& picture_;
};

class InFile final : public Rows {
 public:
  InFile(const Picture& picture, const char* path)
      : picture_{picture},
        file_{::open(path, O_RDONLY | O_CLOEXEC)},
        strip_(rows_at_once * picture.row_size()) {}
  InFile(const InFile&) = delete;
  InFile& operator=(const InFile&) = delete;
  ~InFile() override { ::close(file_); }

  JSAMPLE* get(JDIMENSION first, JDIMENSION count) override {
    const auto size = picture_.row_size() * count;
    const auto place = picture_.start + static_cast<std::streamoff>(picture_.row_size() * first);
    if (::pread(file_, strip_.data(), size, place) != static_cast<ssize_t>(size)) std::abort();
    return strip_.data();
  }

 private:
  const Picture& picture_;
  int file_;
  std::vector<JSAMPLE> strip_;
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
  picture.start = file.tellg();
  picture.pixels.resize(picture.row_size() * picture.height);
  file.read(reinterpret_cast<char*>(picture.pixels.data()),
            static_cast<std::streamsize>(picture.pixels.size()));
  if (!file) throw std::runtime_error{std::string{"too short: "} + path};
  return picture;
}

// Into a buffer that is large enough for any picture of that size, so that it never grows.
std::size_t compress(const Picture& picture, Rows& pixels, int quality,
                     std::vector<unsigned char>& buffer) {
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
    const auto count = std::min(rows_at_once, info.image_height - info.next_scanline);
    auto* row = pixels.get(info.next_scanline, count);
    std::array<JSAMPROW, rows_at_once> rows;
    for (JDIMENSION i = 0; i < count; ++i, row += picture.row_size()) rows[i] = row;
    jpeg_write_scanlines(&info, rows.data(), count);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  return size;
}

std::vector<unsigned char> room_for(const Picture& picture) {
  return std::vector<unsigned char>(2 * picture.pixels.size());
}

// How many pictures one thread compresses until then; out of a file, if there is a path.
long compress_until(Clock::time_point end, const Picture& picture, int quality, const char* path) {
  auto buffer = room_for(picture);
  long count = 0;
  for (; Clock::now() < end; ++count) {
    if (path != nullptr) {
      InFile pixels{picture, path};
      compress(picture, pixels, quality, buffer);
    } else {
      InMemory pixels{picture};
      compress(picture, pixels, quality, buffer);
    }
  }
  return count;
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void write_one(const char* path, const Picture& picture, int quality) {
  auto buffer = room_for(picture);
  InMemory pixels{picture};
  const auto size = compress(picture, pixels, quality, buffer);
  std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(buffer.data()),
                                              static_cast<std::streamsize>(size));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  const auto picture = read_picture(argv[1]);
  const int quality = std::atoi(argv[4]);
  const char* const path = std::strcmp(argv[6], "file") == 0 ? argv[1] : nullptr;
  write_one(argv[5], picture, quality);
  const auto start = Clock::now();
  const auto cpu_before = cpu_seconds();
  const auto end = start + std::chrono::duration_cast<Clock::duration>(Seconds{std::atof(argv[2])});
  std::vector<std::future<long>> threads;
  for (int i = std::atoi(argv[3]); i > 0; --i) {
    threads.push_back(
        std::async(std::launch::async, compress_until, end, std::cref(picture), quality, path));
  }
  long pictures = 0;
  for (auto& thread : threads) pictures += thread.get();
  std::printf("{\"pictures\": %ld, \"seconds\": %f, \"cpu\": %f}\n", pictures,
              Seconds{Clock::now() - start}.count(), cpu_seconds() - cpu_before);
  return 0;
}
