// The C++ image server's modules as C functions, so that the tests of the Python modules can try
// them, too. What throws gives null or a negative number, and leaves the error for `error_*`.

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "gallery.hpp"
#include "jpeg.hpp"
#include "lanczos.hpp"
#include "lfu.hpp"
#include "ppm.hpp"

namespace {

using Cache = LeastFrequentlyUsed<std::string, std::int64_t>;

std::string kind;
std::string text;

int failed(const char* error, const std::exception& exception) {
  kind = error;
  text = exception.what();
  return -1;
}

template <class Work>
int attempt(Work work) {
  try {
    work();
    return 0;
  } catch (const ppm::BadPicture& error) {
    return failed("BadPicture", error);
  } catch (const gallery::NoPicture& error) {
    return failed("NoPicture", error);
  } catch (const jpeg::BadShape& error) {
    return failed("BadShape", error);
  } catch (const std::exception& error) {
    return failed("exception", error);
  }
}

template <class Make>
auto* made(Make make) {
  using Made = decltype(make());
  Made* result = nullptr;
  attempt([&] { result = new Made{make()}; });
  return result;
}

// Pixels as a picture in an empty file.
ppm::Raster in_file(const ppm::Pixels& pixels, const File& file) {
  const auto size = pixels.height * pixels.row_size();
  const bool is_written =
      ::dprintf(file.descriptor(), "P%d %zu %zu 255\n", pixels.channels == 1 ? 5 : 6, pixels.width,
                pixels.height) > 0 &&
      ::write(file.descriptor(), pixels.samples.get(), size) == static_cast<ssize_t>(size);
  if (!is_written) throw std::runtime_error{"no file for a picture"};
  return {File{::dup(file.descriptor())}, pixels.width * pixels.height};
}

}  // namespace

extern "C" {

const char* error_kind() { return kind.c_str(); }
const char* error_text() { return text.c_str(); }

ppm::Pixels* pixels_read(int file, std::size_t max_pixels) {
  return made([&] { return ppm::Raster{File{::dup(file)}, max_pixels}.pixels(); });
}

ppm::Pixels* pixels_new(std::size_t channels, std::size_t width, std::size_t height,
                        const std::uint8_t* samples) {
  const auto size = channels * width * height;
  auto copy = std::make_unique<std::uint8_t[]>(size);
  std::copy_n(samples, size, copy.get());
  return new ppm::Pixels{channels, width, height, std::move(copy)};
}

ppm::Pixels* pixels_resize(const ppm::Pixels* pixels, std::size_t width, std::size_t height) {
  return made([&] { return lanczos::resize(*pixels, width, height); });
}

void pixels_size(const ppm::Pixels* pixels, std::size_t* size) {
  size[0] = pixels->channels;
  size[1] = pixels->width;
  size[2] = pixels->height;
}

const std::uint8_t* pixels_samples(const ppm::Pixels* pixels) { return pixels->samples.get(); }
void pixels_delete(ppm::Pixels* pixels) { delete pixels; }

ppm::Pixels* gallery_read(const char* root, const char* name, std::size_t size,
                          std::size_t max_pixels) {
  const gallery::Gallery pictures{root, max_pixels};
  return made([&] { return pictures.read({name, size}).pixels(); });
}

int gallery_version(const char* root, const char* name, std::size_t size, std::int64_t* version) {
  const auto found = gallery::Gallery{root, 0}.version({name, size});
  if (!found) return -1;
  version[0] = static_cast<std::int64_t>(found->inode);
  version[1] = found->size;
  version[2] = found->modified;
  return 0;
}

jpeg::Jpeg* jpeg_compress(const ppm::Pixels* pixels, std::size_t width, std::size_t height,
                          int quality, std::size_t max_pixels) {
  return made([&] {
    const File file{::memfd_create("picture", MFD_CLOEXEC)};
    return jpeg::compress(in_file(*pixels, file), {width, height, quality}, max_pixels);
  });
}

// The JPEG of a picture whose file is emptied before its pixels are read.
jpeg::Jpeg* jpeg_compress_emptied(const ppm::Pixels* pixels) {
  return made([&] {
    const File file{::memfd_create("picture", MFD_CLOEXEC)};
    const auto raster = in_file(*pixels, file);
    if (::ftruncate(file.descriptor(), 0) != 0) throw std::runtime_error{"no empty file"};
    return jpeg::compress(raster, {}, pixels->width * pixels->height);
  });
}

std::size_t jpeg_size(const jpeg::Jpeg* made) { return made->data.size(); }
const std::uint8_t* jpeg_data(const jpeg::Jpeg* made) { return made->data.data(); }
const char* jpeg_tag(const jpeg::Jpeg* made) { return made->tag.c_str(); }
void jpeg_delete(jpeg::Jpeg* made) { delete made; }

Cache* cache_new(std::size_t bound) { return new Cache{bound}; }
void cache_delete(Cache* cache) { delete cache; }
std::size_t cache_weight(const Cache* cache) { return cache->weight(); }
std::size_t cache_size(const Cache* cache) { return cache->size(); }
void cache_discard(Cache* cache, const char* key) { cache->discard(key); }

void cache_put(Cache* cache, const char* key, std::int64_t value, std::size_t weight) {
  cache->put(key, value, weight);
}

int cache_get(Cache* cache, const char* key, std::int64_t* value) {
  const auto* found = cache->get(key);
  if (found == nullptr) return -1;
  *value = *found;
  return 0;
}

}  // extern "C"
