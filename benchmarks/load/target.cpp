#include "target.hpp"

#include <fstream>
#include <map>
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
  file.seekg(0, std::ios::end);
  std::string text(static_cast<std::size_t>(file.tellg()), '\0');
  file.seekg(0);
  if (!file.read(text.data(), static_cast<std::streamsize>(text.size()))) {
    throw std::runtime_error{"cannot read " + path};
  }
  return text;
}

}  // namespace

std::vector<Target> read_targets(const std::string& path) {
  auto file = opened(path);
  std::vector<Target> targets;
  std::map<std::string, std::shared_ptr<const std::string>> bodies;
  std::string target;
  std::string body;
  while (file >> target >> body) {
    auto& text = bodies[body];
    if (!text) text = std::make_shared<const std::string>(contents(body));
    targets.push_back(
        {"GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n", text});
  }
  if (targets.empty()) throw std::runtime_error{"no targets in " + path};
  return targets;
}

}  // namespace load
