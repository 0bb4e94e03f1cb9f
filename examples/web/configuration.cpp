#include "configuration.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include "text.hpp"

#if __has_include(<toml++/toml.h>)
#include "toml.hpp"

namespace {

constexpr std::array<std::string_view, 3> tables{"hosts", "indexes", "types"};
constexpr std::array<std::string_view, 5> host_keys{"aliases", "certificate", "indexes", "key",
                                                    "root"};
constexpr std::array<std::string_view, 4> paths{"access-log", "certificate", "key", "root"};
constexpr std::array<std::string_view, 4> words{"host", "php", "cgi", "log-format"};
constexpr std::string_view small = "abcdefghijklmnopqrstuvwxyz0123456789-";

using Texts = std::vector<std::string>;

// Something is wrong, at a place that stands in the message.
class Wrong : public std::runtime_error {
 public:
  explicit Wrong(std::initializer_list<std::string_view> parts)
      : std::runtime_error{text::join(parts)} {}
};

std::string shortest(double number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return {digits.data(), end};
}

bool consists_of(std::string_view word, std::string_view letters) {
  return !word.empty() && word.find_first_not_of(letters) == word.npos;
}

void check_key(std::string_view key, std::string_view place,
               std::span<const std::string_view> known) {
  if (text::is_among(key, known)) return;
  std::vector<std::string_view> names{known.begin(), known.end()};
  std::sort(names.begin(), names.end());
  std::string all;
  for (const auto name : names) all.append(all.empty() ? "" : ", ").append(name);
  throw Wrong{"there is no `", place, key, "`; there are ", all};
}

const toml::table& table(std::string_view place, const toml::node& value) {
  if (const auto* found = value.as_table()) return *found;
  throw Wrong{"`", place, "` must be a table"};
}

Texts texts(std::string_view place, const toml::node* value, Texts otherwise) {
  if (value == nullptr) return otherwise;
  Texts found;
  const auto* list = value->as_array();
  bool is_fit = list != nullptr;
  for (std::size_t index = 0; is_fit && index < list->size(); ++index) {
    const auto each = (*list)[index].value_exact<std::string>();
    is_fit = each.has_value();
    if (is_fit) found.push_back(*each);
  }
  if (!is_fit) throw Wrong{"`", place, "` must be a list of texts"};
  return found;
}

bool is_host(std::string_view name) {
  if (name.starts_with('[') && name.ends_with(']')) {
    return consists_of(text::lower(name.substr(1, name.size() - 2)), "0123456789abcdef:.");
  }
  return consists_of(text::lower(name), "abcdefghijklmnopqrstuvwxyz0123456789.-");
}

bool is_type(std::string_view kind) {
  const auto halves = text::split(kind, '/');
  const std::string letters = text::join({small, ".+"});
  return halves.size() == 2 && consists_of(halves[0], letters) && consists_of(halves[1], letters);
}

std::pair<std::string, std::string> type(std::string_view ending, const toml::node& value) {
  if (!consists_of(ending, small)) {
    throw Wrong{"`types.\"", ending, "\"`: write an ending in small letters, without its dot"};
  }
  const auto kind = value.value_exact<std::string>().value_or("");
  if (is_type(kind)) return {std::string{ending}, kind};
  throw Wrong{"`types.", ending, "` must be a media type such as image/avif"};
}

void check_distinct(std::span<const Host> hosts) {
  std::set<std::string_view> seen;
  for (const auto& host : hosts) {
    for (const auto& name : host.names) {
      if (seen.insert(name).second) continue;
      throw Wrong{"`hosts`: ", name, " is there twice; name each host once"};
    }
  }
}

// Turns the tables of a file into settings.
class Reader {
 public:
  Reader(std::filesystem::path folder, std::span<const std::string_view> options)
      : folder_{std::move(folder)}, options_{options.begin(), options.end()} {
    options_.insert(options_.end(), tables.begin(), tables.end());
  }

  Configuration read(const toml::table& told) {
    Configuration found;
    found.indexes = texts("indexes", told.get("indexes"), std::move(found.indexes));
    for (const auto& [key, value] : told) {
      if (!text::is_among(key.str(), tables)) add_option(found.words, key.str(), value);
    }
    if (const auto* hosts = told.get("hosts")) add_hosts(found, table("hosts", *hosts));
    if (const auto* types = told.get("types")) {
      for (const auto& [ending, kind] : table("types", *types)) {
        found.types.push_back(type(ending.str(), kind));
      }
    }
    return found;
  }

 private:
  // A name and a value, as words of a command line.
  void add_option(Texts& words, std::string_view key, const toml::node& value) const {
    check_key(key, "", options_);
    auto word = word_of(key, value);
    const bool is_path =
        text::is_among(key, paths) || (key == "php" && word.find(':') == word.npos);
    words.push_back(text::join({"--", key}));
    words.push_back(is_path ? (folder_ / word).string() : std::move(word));
  }

  static std::string word_of(std::string_view key, const toml::node& value) {
    if (const auto word = value.value_exact<std::string>()) return *word;
    if (text::is_among(key, paths) || text::is_among(key, words)) {  // others may be numbers
      throw Wrong{"`", key, "` must be a text"};
    }
    if (const auto number = value.value_exact<std::int64_t>()) return std::to_string(*number);
    if (const auto number = value.value_exact<double>()) return shortest(*number);
    throw Wrong{"`", key, "` must be a text or a number"};
  }

  void add_hosts(Configuration& found, const toml::table& hosts) const {
    for (const auto& [name, value] : hosts) {
      found.hosts.push_back(host(name.str(), value, found.indexes));
    }
    check_distinct(found.hosts);
  }

  [[nodiscard]] Host host(std::string_view name, const toml::node& value,
                          const Texts& indexes) const {
    const auto place = text::join({"hosts.\"", name, "\""});
    const auto& told = table(place, value);
    for (const auto& [key, unused] : told) check_key(key.str(), place + ".", host_keys);
    if (told.contains("certificate") != told.contains("key")) {
      throw Wrong{"`", place, "`: name both `certificate` and `key`, or none"};
    }
    Texts names = texts(place + ".aliases", told.get("aliases"), {});
    names.insert(names.begin(), std::string{name});
    for (auto& each : names) {
      if (!is_host(each)) {
        throw Wrong{"`", place, "`: `", each, "` is no name of a host; one has no port"};
      }
      each = text::lower(each);
    }
    return {std::move(names), root(place + ".root", told.get("root")),
            texts(place + ".indexes", told.get("indexes"), indexes),
            file(place + ".certificate", told.get("certificate")),
            file(place + ".key", told.get("key"))};
  }

  [[nodiscard]] std::string root(const std::string& place, const toml::node* value) const {
    const auto name = value == nullptr ? std::nullopt : value->value_exact<std::string>();
    if (!name) throw Wrong{"`", place, "` must be there, and name a folder"};
    const auto path = folder_ / *name;
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return path.string();
    throw Wrong{"`", place, "`: there is no folder ", path.string()};
  }

  [[nodiscard]] std::string file(const std::string& place, const toml::node* value) const {
    if (value == nullptr) return {};
    const auto name = value->value_exact<std::string>();
    if (!name) throw Wrong{"`", place, "` must name a file"};
    const auto path = folder_ / *name;
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) return path.string();
    throw Wrong{"`", place, "`: there is no file ", path.string()};
  }

  std::filesystem::path folder_;
  std::vector<std::string_view> options_;
};

std::string content(const std::string& path) {
  std::ifstream file{path};
  if (!file) throw Wrong{std::generic_category().message(errno)};
  std::ostringstream whole;
  whole << file.rdbuf();
  return whole.str();
}

std::string place_of(const toml::parse_error& error) {
  const auto at = error.source().begin;
  return text::join({std::string{error.description()}, " (at line ", std::to_string(at.line),
                     ", column ", std::to_string(at.column), ")"});
}

}  // namespace

Configuration read_configuration(const std::string& path,
                                 std::span<const std::string_view> options) {
  try {
    const auto told = toml::parse(content(path), path);
    return Reader{std::filesystem::path{path}.parent_path(), options}.read(told);
  } catch (const toml::parse_error& error) {
    throw BadConfiguration{path + ": " + place_of(error)};
  } catch (const Wrong& wrong) {
    throw BadConfiguration{path + ": " + wrong.what()};
  }
}

#else

Configuration read_configuration(const std::string& path, std::span<const std::string_view>) {
  throw BadConfiguration{path +
                         ": this server was compiled without toml++: install it "
                         "(`apt-get install libtomlplusplus-dev`), and start again"};
}

#endif
