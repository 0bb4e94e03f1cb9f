// The file of settings: options of the command line by their names, media types, and hosts.
//
//   port = 80
//   root = "site"
//   indexes = ["index.html"]
//
//   [types]
//   avif = "image/avif"
//
//   [hosts."example.org"]
//   aliases = ["www.example.org"]
//   root = "example"
//   certificate = "example.pem"
//   key = "example.key"
//
// Paths are relative to the folder of the file.

#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A file can't be read, or says what makes no sense: where, and what would.
class BadConfiguration : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A folder that is served under names of its own, and their certificate, if they have one.
struct Host {
  std::vector<std::string> names;
  std::string root;
  std::vector<std::string> indexes;
  std::string certificate;
  std::string key;
};

// What a file says: `words` as on a command line, and what only a file can say.
struct Configuration {
  std::vector<std::string> words = {};
  std::vector<std::string> indexes = {"index.html", "index.htm", "index.php"};
  std::vector<std::pair<std::string, std::string>> types = {};
  std::vector<Host> hosts = {};
};

// What a file says, where these options may be; BadConfiguration.
Configuration read_configuration(const std::string& path,
                                 std::span<const std::string_view> options);
