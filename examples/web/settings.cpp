#include "settings.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <flux/nodes/http_message.hpp>
#include <limits>
#include <string_view>
#include <vector>

namespace {

using std::chrono::milliseconds;

// One option: its name, what its value is, what it is for, and how a value is taken.
struct Option {
  std::string_view name;
  std::string_view value;
  std::string_view help;
  void (*take)(Settings& settings, const std::string& text);
};

template <class Number>
Number number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
  if (error != std::errc{} || end != text.end()) {
    throw BadUsage{"'" + std::string{text} + "' is no number in bounds"};
  }
  return value;
}

int sixteen_bits(const std::string& text) {
  constexpr unsigned max_port = 65'535;
  const auto value = number<unsigned>(text);
  if (value > max_port) throw BadUsage{text + " is above " + std::to_string(max_port)};
  return static_cast<int>(value);
}

milliseconds seconds(const std::string& text) {
  constexpr double longest = 1e9;
  const auto value = number<double>(text);
  if (!(0 < value && value <= longest)) throw BadUsage{text + " is no span of time"};
  return milliseconds{static_cast<milliseconds::rep>(std::ceil(value * 1000))};
}

std::string folder(const std::string& text) {
  std::error_code error;
  if (std::filesystem::is_directory(text, error)) return text;
  throw BadUsage{"there is no folder " + text};
}

std::string file(const std::string& text) {
  std::error_code error;
  if (std::filesystem::is_regular_file(text, error)) return text;
  throw BadUsage{"there is no file " + text};
}

// One that may not be there yet.
std::string new_file(const std::string& text) {
  const std::filesystem::path path{text.empty() ? "." : text};
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    throw BadUsage{path.string() + " is a folder: name a file in it"};
  }
  folder(path.has_parent_path() ? path.parent_path().string() : ".");
  return text;
}

// `.cgi`, or `cgi-bin/`.
std::string programs(const std::string& text) {
  constexpr std::string_view small = "0123456789abcdefghijklmnopqrstuvwxyz";
  const bool is_ending =
      text.size() > 1 && text[0] == '.' && text.find_first_not_of(small, 1) == text.npos;
  const bool is_folder = text.size() > 1 && text.ends_with('/') &&
                         flux::nodes::clean_path(text) == text.substr(0, text.size() - 1);
  if (is_ending || is_folder) return text;
  throw BadUsage{text + " is neither an ending such as .cgi nor a folder as cgi-bin/"};
}

journal::Form form(const std::string& text) {
  if (const auto found = journal::form_of(text)) return found;
  throw BadUsage{"invalid choice: '" + text + "' (choose from common, combined, json)"};
}

constexpr Option table[] = {
    {"--config", "FILE", "file of settings, in TOML (none)",
     [](Settings& settings, const std::string& text) { settings.config = file(text); }},
    {"--host", "ADDRESS", "address to listen on (127.0.0.1)",
     [](Settings& settings, const std::string& text) { settings.host = text; }},
    {"--port", "N", "port, 0 for any free one (8080)",
     [](Settings& settings, const std::string& text) { settings.port = sixteen_bits(text); }},
    {"--root", "FOLDER", "folder of the files (.)",
     [](Settings& settings, const std::string& text) { settings.root = folder(text); }},
    {"--types", "FILE", "media types by ending (mime.types)",
     [](Settings& settings, const std::string& text) { settings.types = file(text); }},
    {"--cache-bytes", "N", "bound of the cache, for each host (64 MiB)",
     [](Settings& settings, const std::string& text) {
       settings.cache_bytes = number<std::uint64_t>(text);
     }},
    {"--largest", "N", "bound of a file in the cache (1 MiB)",
     [](Settings& settings, const std::string& text) {
       settings.largest = number<std::uint32_t>(text);
     }},
    {"--body-bytes", "N", "bound of a request's body in memory (1 MiB)",
     [](Settings& settings, const std::string& text) {
       settings.body_bytes = number<std::size_t>(text);
     }},
    {"--upload-bytes", "N", "bound of one that a script gets (64 MiB)",
     [](Settings& settings, const std::string& text) {
       settings.upload_bytes = number<std::uint64_t>(text);
     }},
    {"--php", "ADDRESS", "FastCGI server, host:port or a path (none)",
     [](Settings& settings, const std::string& text) { settings.php = text; }},
    {"--php-timeout", "SECONDS", "for a script to say something (30)",
     [](Settings& settings, const std::string& text) { settings.php_timeout = seconds(text); }},
    {"--php-kept", "N", "connections to it that are kept (8)",
     [](Settings& settings, const std::string& text) {
       settings.php_kept = number<std::uint16_t>(text);
     }},
    {"--cgi", "WHERE", "programs: an ending, or a folder with its slash (none)",
     [](Settings& settings, const std::string& text) { settings.cgi = programs(text); }},
    {"--cgi-timeout", "SECONDS", "for a program to say something (30)",
     [](Settings& settings, const std::string& text) { settings.cgi_timeout = seconds(text); }},
    {"--cgi-most", "N", "programs that run at once (32)",
     [](Settings& settings, const std::string& text) { settings.cgi_most = sixteen_bits(text); }},
    {"--connections", "N", "open at once (10000)",
     [](Settings& settings, const std::string& text) {
       settings.connections = number<std::size_t>(text);
     }},
    {"--backlog", "N", "new clients that may wait (1024)",
     [](Settings& settings, const std::string& text) { settings.backlog = sixteen_bits(text); }},
    {"--waiting", "N", "clients waited for at once (any number)",
     [](Settings& settings, const std::string& text) {
       settings.waiting = number<std::size_t>(text);
     }},
    {"--timeout", "SECONDS", "to send a request, to take a piece (10)",
     [](Settings& settings, const std::string& text) { settings.timeout = seconds(text); }},
    {"--idle-timeout", "SECONDS", "between two requests (60)",
     [](Settings& settings, const std::string& text) { settings.idle_timeout = seconds(text); }},
    {"--requests", "N", "on one connection, 0 for any number (0)",
     [](Settings& settings, const std::string& text) {
       settings.requests = number<std::uint64_t>(text);
     }},
    {"--access-log", "FILE", "file to log requests to (none)",
     [](Settings& settings, const std::string& text) { settings.access_log = new_file(text); }},
    {"--certificate", "FILE", "chain of certificates for TLS, in PEM (none)",
     [](Settings& settings, const std::string& text) { settings.certificate = file(text); }},
    {"--key", "FILE", "its key (none)",
     [](Settings& settings, const std::string& text) { settings.key = file(text); }},
    {"--log-format", "FORM", "form of its lines: common, combined, json (combined)",
     [](Settings& settings, const std::string& text) { settings.log_format = form(text); }},
};

const Option& find(std::string_view name) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [&](const Option& option) { return option.name == name; });
  if (found == std::end(table)) throw BadUsage{"unrecognized argument: " + std::string{name}};
  return *found;
}

// Walks along the words: `--name value` or `--name=value`.
class Reader {
 public:
  explicit Reader(std::span<const std::string> words) : words_{words} {}

  void read(Settings& settings) {
    while (next_ < words_.size() && !settings.help) read_option(settings);
  }

 private:
  void read_option(Settings& settings) {
    const std::string_view word = words_[next_++];
    const auto end = std::min(word.find('='), word.size());
    if (word == "--help" || word == "-h") {
      settings.help = true;
      return;
    }
    const auto& option = find(word.substr(0, end));
    try {
      option.take(settings, end < word.size() ? std::string{word.substr(end + 1)} : value());
    } catch (const BadUsage& bad) {
      throw BadUsage{"argument " + std::string{option.name} + ": " + bad.what()};
    }
  }

  std::string value() {
    if (next_ == words_.size()) throw BadUsage{"expected one argument"};
    return words_[next_++];
  }

  std::span<const std::string> words_;
  std::size_t next_ = 0;
};

std::string beside_this_file(std::string_view name) {
  return std::filesystem::path{__FILE__}.replace_filename(name).string();
}

// All options but that of the file itself, and of the types: it has a table of these.
std::vector<std::string_view> in_file() {
  std::vector<std::string_view> names;
  for (const auto& option : table) {
    if (option.name != "--config" && option.name != "--types") {
      names.push_back(option.name.substr(2));
    }
  }
  return names;
}

Configuration configure(Settings& settings, const std::string& path) {
  try {
    auto configuration = read_configuration(path, in_file());
    Reader{configuration.words}.read(settings);
    return configuration;
  } catch (const BadConfiguration& bad) {
    throw BadUsage{bad.what()};
  } catch (const BadUsage& bad) {
    throw BadUsage{path + ": " + bad.what()};
  }
}

void check_certificates(const Settings& settings, const Configuration& configuration) {
  for (const auto& host : configuration.hosts) {
    if (host.certificate.empty() || !settings.certificate.empty()) continue;
    throw BadUsage{settings.config + ": " + host.names.front() +
                   " has a certificate, and other hosts have none: "
                   "name theirs by --certificate and --key"};
  }
}

}  // namespace

std::pair<Settings, Configuration> parse_settings(std::span<const char* const> words) {
  const std::vector<std::string> all{words.begin(), words.end()};
  Settings settings;
  Reader{all}.read(settings);
  Configuration configuration;
  if (!settings.config.empty() && !settings.help) {
    configuration = configure(settings, settings.config);
    Reader{all}.read(settings);  // they are stronger than the file
  }
  if (settings.help) return {std::move(settings), {}};
  if (settings.certificate.empty() != settings.key.empty()) {
    throw BadUsage{"--certificate and --key belong together: name both, or none"};
  }
  check_certificates(settings, configuration);
  if (settings.types.empty()) settings.types = file(beside_this_file("mime.types"));
  return {std::move(settings), std::move(configuration)};
}

std::string usage() {
  std::string text = "usage: web.flux [-h]";
  for (const auto& option : table) {
    text.append(" [").append(option.name).append(" ").append(option.value).append("]");
  }
  return text + '\n';
}

std::string help() {
  std::string text = usage() + "\nServe the files of a folder\n\noptions:\n";
  for (const auto& option : table) {
    auto line = "  " + std::string{option.name} + ' ' + std::string{option.value};
    line.resize(std::max<std::size_t>(line.size() + 2, 26), ' ');
    text += line.append(option.help) + '\n';
  }
  return text;
}
