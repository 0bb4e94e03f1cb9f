// What a path leads to: a file with its encoded forms, another place, or nothing.
//
// Beside `style.css` there may be `style.css.br` and `style.css.gz`: the same, compressed. One that
// is older than the file itself is out of date, and not looked at.

#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "folder.hpp"
#include "mime.hpp"

// Fields of a reply, by name.
using Fields = std::vector<std::pair<std::string, std::string>>;

// Bytes in memory, or a file.
using Content = std::variant<std::shared_ptr<const std::string>, std::shared_ptr<const File>>;

// A file as it is sent: plain (coding "") or encoded; large ones stay in their file.
struct Form {
  std::string coding;
  Version version;
  Content content;
  std::string tag = {};                       // of the entity: strong, and another for each coding
  std::time_t modified = 0;                   // in seconds since 1970, and not in the future
  std::shared_ptr<const Fields> fields = {};  // for who gets it whole; its type stands first

  [[nodiscard]] bool is_in_memory() const { return content.index() == 0; }
};

// What a path leads to, as it was at a time; the plain form stands first.
struct Found {
  using Clock = std::chrono::steady_clock;

  std::optional<std::string> key;
  int status = 200;
  std::string name = {};
  std::vector<Form> forms = {};
  bool is_script = false;
  bool is_program = false;      // a script that the system runs itself
  bool is_lost_script = false;  // would be one, if it were there
  std::string path_info = {};   // what follows a script's name in the path
  Clock::time_point checked = Clock::time_point::min();

  // Whether it holds no open files, and is worth keeping.
  [[nodiscard]] bool is_in_memory() const;

  // The bytes of memory that it takes, about.
  [[nodiscard]] std::uint64_t weight() const;
};

using Page = std::shared_ptr<const Found>;

// The name of what a decoded path leads to, with a slash behind it if it must be a folder.
//
// Nothing for what is outside of the root, or hidden: its name, or that of a folder on the way,
// begins with a dot, and is not the `.well-known` of RFC 8615.
std::optional<std::string> key_of(std::string_view path);

// Which names are those of scripts: of PHP, and of `programs`.
//
// These are named by their ending, or by their folder, with a slash behind it; an empty name stands
// for none.
struct ScriptNames {
  bool php = false;
  std::string programs = {};

  // Whether a name is that of a program.
  [[nodiscard]] bool has_program(std::string_view name) const;

  // Whether a name is that of a script, which somebody runs.
  [[nodiscard]] bool has(std::string_view name) const;

  // Whether a key is that of a script, or of what a script has told, there or not.
  [[nodiscard]] bool cover(std::string_view key) const;
};

// The pages of a folder, of which the first of `indexes` that is there stands for the folder.
//
// `types` are looked up in while it lives.
// Contents of at most `largest` bytes are read into memory.
// Scripts are there if somebody can run them; what they say themselves is never told.
class Pages {
 public:
  Pages(const std::string& folder, std::vector<std::string> indexes, const Types& types,
        std::uint64_t largest, ScriptNames scripts)
      : folder_{folder},
        indexes_{std::move(indexes)},
        types_{types},
        largest_{largest},
        scripts_{std::move(scripts)} {}

  // The page as it is now; what is unchanged is taken from what was known of it.
  [[nodiscard]] Page find(const Found& known) const;

 private:
  using Opened = std::shared_ptr<const File>;

  [[nodiscard]] Found look_up(const Found& known) const;
  [[nodiscard]] bool find_script_above(Found& found) const;
  [[nodiscard]] bool mark_script(Found& found, const File& file) const;
  [[nodiscard]] std::pair<std::string, Opened> index(const std::string& folder) const;
  [[nodiscard]] Opened encoded(const std::string& name, const File& plain) const;
  void add(Found& found, std::string_view coding, Opened file, const Found& known) const;
  [[nodiscard]] Content content(Opened file) const;

  Folder folder_;
  std::vector<std::string> indexes_;
  const Types& types_;
  std::uint64_t largest_;
  ScriptNames scripts_;
};
