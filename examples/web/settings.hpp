// The command line: what stands after `--` in `flux run web.flux --target cpp -- …`.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "configuration.hpp"
#include "journal.hpp"

// Where to listen, what to serve, and how much of anything.
struct Settings {
  std::string config;
  std::string host = "127.0.0.1";
  int port = 8080;
  std::string root = ".";
  std::string types;
  std::uint64_t cache_bytes = std::uint64_t{64} << 20;
  std::uint64_t largest = std::uint64_t{1} << 20;
  std::size_t body_bytes = std::size_t{1} << 20;
  std::uint64_t upload_bytes = std::uint64_t{64} << 20;
  std::string php;
  std::chrono::milliseconds php_timeout{30'000};
  std::size_t php_kept = 8;
  std::string cgi;
  std::chrono::milliseconds cgi_timeout{30'000};
  int cgi_most = 32;
  std::size_t connections = 10'000;
  int backlog = 1024;
  std::size_t waiting = 0;
  std::chrono::milliseconds timeout{10'000};
  std::chrono::milliseconds idle_timeout{60'000};
  std::uint64_t requests = 0;
  std::string certificate;
  std::string key;
  std::string access_log;
  journal::Form log_format = journal::combined;
  bool help = false;
};

// Some words are no command line; the message says why.
class BadUsage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The settings that some words mean, and what else the file says that they name; or BadUsage.
//
// Words are stronger than the file. After `--help`, the others are not looked at.
std::pair<Settings, Configuration> parse_settings(std::span<const char* const> words);

// What there is to choose from.
std::string usage();
std::string help();
