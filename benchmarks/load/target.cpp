#include "target.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace load {

namespace {

std::ifstream opened(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw std::runtime_error{"cannot read " + path};
  return file;
}

std::string contents(const std::string& path) {
  auto file = opened(path);
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

std::vector<Target> read_targets(const std::string& path) {
  auto file = opened(path);
  std::vector<Target> targets;
  std::string target;
  std::string body;
  while (file >> target >> body) {
    targets.push_back(
        {"GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n", contents(body)});
  }
  if (targets.empty()) throw std::runtime_error{"no targets in " + path};
  return targets;
}

}  // namespace load
