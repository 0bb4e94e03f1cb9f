// The command line: what stands after `--` in `flux run image.flux --target cpp -- …`.

#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>

// Where to listen, what to serve, and how much of anything.
struct Options {
  std::string host = "127.0.0.1";
  int port = 8080;
  std::string root;
  std::size_t cache_bytes = std::size_t{64} << 20;
  std::size_t max_pixels = std::size_t{16} << 20;
  std::size_t connections = 10'000;
  int backlog = 1024;
  std::chrono::milliseconds timeout{10'000};
  std::chrono::milliseconds idle_timeout{60'000};
  bool help = false;
};

// Some words are no command line; the message says why.
class BadUsage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The options that some words mean, or BadUsage. After `--help`, the others are not looked at.
Options parse_options(std::span<const char* const> words);

// What there is to choose from.
std::string usage();
std::string help();
