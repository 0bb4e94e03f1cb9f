#include "pages.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <flux/nodes/http_message.hpp>
#include <new>
#include <system_error>
#include <utility>

#include "dates.hpp"
#include "hex.hpp"
#include "text.hpp"

namespace {

constexpr std::array exhausted{EMFILE, ENFILE, ENOBUFS, ENOMEM};
constexpr std::array<std::pair<const char*, const char*>, 2> encodings{
    {{"br", ".br"}, {"gzip", ".gz"}}};
constexpr std::string_view script_ending = ".php";
constexpr std::uint64_t overhead = 1024;  // bytes of a page beside its contents, about
constexpr std::int64_t billion = 1'000'000'000;

bool is_hidden(std::string_view part) { return part.starts_with('.') && part != ".well-known"; }

int status_of(const std::system_error& error) {
  const auto* found = std::find(exhausted.begin(), exhausted.end(), error.code().value());
  return found == exhausted.end() ? 500 : 503;
}

// What was known of a form, if it is in memory and still so.
const Form* kept(std::string_view coding, const Version& version, const Found& known) {
  for (const auto& form : known.forms) {
    const bool same = form.coding == coding && form.version == version;
    if (same && form.is_in_memory()) return &form;
  }
  return nullptr;
}

std::string tag_of(const Version& version, std::string_view coding) {
  const auto modified = hex(static_cast<std::uint64_t>(version.modified));
  const auto* mark = coding.empty() ? "" : "-";
  return text::join({"\"", modified, "-", hex(version.size), mark, coding, "\""});
}

// What is told of a form, so that nothing is left to be written for each who asks.
std::shared_ptr<const Fields> fields_of(const Form& form, const std::string& type) {
  Fields fields{{"Content-Type", type},
                {"ETag", form.tag},
                {"Last-Modified", write_date(form.modified)},
                {"Accept-Ranges", "bytes"},
                {"X-Content-Type-Options", "nosniff"}};
  if (!form.coding.empty()) fields.emplace_back("Content-Encoding", form.coding);
  return std::make_shared<const Fields>(std::move(fields));
}

}  // namespace

bool Found::is_in_memory() const {
  return (status == 200 || status == 301) && path_info.empty() &&
         std::all_of(forms.begin(), forms.end(), [](auto& form) { return form.is_in_memory(); });
}

std::uint64_t Found::weight() const {
  std::uint64_t sum = overhead;
  for (const auto& form : forms) sum += form.version.size;
  return sum;
}

bool ScriptNames::has_program(std::string_view name) const {
  if (programs.ends_with('/')) return name.starts_with(programs);
  return !programs.empty() && text::lower(name).ends_with(programs);
}

bool ScriptNames::has(std::string_view name) const {
  return has_program(name) || (php && text::lower(name).ends_with(script_ending));
}

bool ScriptNames::cover(std::string_view key) const {
  const auto lower = text::lower(key);
  const auto parts = text::split(lower, '/');
  return has_program(key) || std::any_of(parts.begin(), parts.end(), [this](auto part) {
           return has_program(part) || part.ends_with(script_ending);
         });
}

std::optional<std::string> key_of(std::string_view path) {
  auto clean = flux::nodes::clean_path(path);
  if (!clean) return {};
  const auto parts = text::split(*clean, '/');
  if (std::any_of(parts.begin(), parts.end(), is_hidden)) return {};
  const bool is_folder =
      clean->empty() || path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
  if (is_folder) *clean += '/';
  return clean;
}

Page Pages::find(const Found& known) const {
  if (!known.key) return std::make_shared<const Found>(Found{.key = {}, .status = 404});
  int status = 404;
  try {
    return std::make_shared<const Found>(look_up(known));
  } catch (const NotThere&) {
  } catch (const std::system_error& error) {
    status = status_of(error);
  } catch (const std::bad_alloc&) {
    status = 503;
  }
  return std::make_shared<const Found>(
      Found{.key = known.key, .status = status, .is_lost_script = scripts_.cover(*known.key)});
}

Found Pages::look_up(const Found& known) const {
  Found found{.key = known.key, .checked = Found::Clock::now()};
  if (find_script_above(found)) return found;
  Opened file;
  if (found.key->ends_with('/')) {
    std::tie(found.name, file) = index(*found.key == "/" ? "" : *found.key);
  } else {
    found.name = *found.key;
    file = folder_.open(found.name);
    if (file->is_folder()) {
      found.status = 301;
      return found;
    }
  }
  if (mark_script(found, *file)) return found;
  if (text::lower(found.name).ends_with(script_ending)) throw NotThere{"nobody runs scripts"};
  const Found nothing;
  const Found& old = found.name == known.name ? known : nothing;
  add(found, "", file, old);
  for (const auto& [coding, ending] : encodings) {
    if (auto same = encoded(found.name + ending, *file)) add(found, coding, std::move(same), old);
  }
  return found;
}

// The script that has the path's end told: `/a.php/b/c` asks it for `/b/c`.
bool Pages::find_script_above(Found& found) const {
  const auto& key = *found.key;
  for (auto end = key.find('/'); end != key.npos; end = key.find('/', end + 1)) {
    const auto name = key.substr(0, end);
    if (!scripts_.has(name)) continue;
    const auto file = folder_.open(name);
    if (file->is_folder()) continue;
    found.name = name;
    found.path_info = key.substr(end);
    return mark_script(found, *file);
  }
  return false;
}

// Whether what is found is a script; NotThere if it would be a program, but may not be run.
bool Pages::mark_script(Found& found, const File& file) const {
  found.is_script = scripts_.has(found.name);
  found.is_program = scripts_.has_program(found.name);
  if (found.is_program && !file.is_executable()) throw NotThere{"no program"};
  return found.is_script;
}

std::pair<std::string, Pages::Opened> Pages::index(const std::string& folder) const {
  for (const auto& index : indexes_) {
    try {
      auto file = folder_.open(folder + index);
      if (!file->is_folder()) return {folder + index, std::move(file)};
    } catch (const NotThere&) {
    }
  }
  throw NotThere{"no index"};
}

Pages::Opened Pages::encoded(const std::string& name, const File& plain) const {
  try {
    auto file = folder_.open(name);
    const bool current = file->version().modified >= plain.version().modified;
    return current && !file->is_folder() ? file : nullptr;
  } catch (const NotThere&) {
    return nullptr;
  }
}

void Pages::add(Found& found, std::string_view coding, Opened file, const Found& known) const {
  const Version version = file->version();
  if (const auto* form = kept(coding, version, known)) {
    found.forms.push_back(*form);
    return;
  }
  auto& form = found.forms.emplace_back(
      Form{std::string{coding}, version, content(std::move(file)), tag_of(version, coding)});
  form.modified = std::min<std::time_t>(version.modified / billion, std::time(nullptr));
  form.fields = fields_of(form, type_of(found.name, types_));
}

// In memory, if it is small enough and doesn't change just now.
Content Pages::content(Opened file) const {
  if (file->version().size <= largest_) {
    if (auto whole = file->read_whole()) {
      return std::make_shared<const std::string>(std::move(*whole));
    }
  }
  return file;
}
