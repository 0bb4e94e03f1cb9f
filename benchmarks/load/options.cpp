#include "options.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace load {

namespace {

using Take = void (*)(Options& options, const std::string& text);

struct Option {
  std::string_view name;
  Take take;
};

constexpr Option table[] = {
    {"--port",
     [](Options& to, const std::string& text) {
       to.port = static_cast<std::uint16_t>(std::stoul(text));
     }},
    {"--targets", [](Options& to, const std::string& text) { to.targets = text; }},
    {"--connections",
     [](Options& to, const std::string& text) { to.connections = std::stoi(text); }},
    {"--seconds",
     [](Options& to, const std::string& text) { to.duration = Seconds{std::stod(text)}; }},
    {"--rate", [](Options& to, const std::string& text) { to.rate = std::stod(text); }},
    {"--schedule", [](Options& to, const std::string& text) { to.schedule = text; }},
    {"--latencies", [](Options& to, const std::string& text) { to.latencies = text; }},
    {"--close-every",
     [](Options& to, const std::string& text) { to.close_every = std::stoi(text); }},
    {"--patience",
     [](Options& to, const std::string& text) { to.patience = Seconds{std::stod(text)}; }},
    {"--soon", [](Options& to, const std::string& text) { to.soon = Seconds{std::stod(text)}; }},
    {"--compare-every",
     [](Options& to, const std::string& text) {
       to.compare_every = static_cast<unsigned>(std::stoul(text));
     }},
    {"--field", [](Options& to, const std::string& text) { to.expected_field = text; }},
    {"--signal", [](Options& to, const std::string& text) { to.signalled = std::stoi(text); }},
    {"--signal-after",
     [](Options& to, const std::string& text) { to.signalled_after = Seconds{std::stod(text)}; }},
};

void take(Options& options, std::string_view name, const char* value) {
  const auto* option = std::find_if(std::begin(table), std::end(table),
                                    [&](const Option& each) { return each.name == name; });
  if (option == std::end(table) || value == nullptr) {
    throw BadUsage{"no such option, or no value: " + std::string{name}};
  }
  try {
    option->take(options, value);
  } catch (const std::logic_error&) {
    throw BadUsage{std::string{name} + " wants a number"};
  }
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i += 2) take(options, argv[i], argv[i + 1]);
  if (options.port == 0 || options.targets.empty() || options.connections < 1 ||
      options.compare_every < 1) {
    throw BadUsage{"--port, --targets and at least one of everything are needed"};
  }
  return options;
}

}  // namespace load
