#include "writing.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

using flux::write_whole;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    std::string made = (fs::temp_directory_path() / "flux-XXXXXX").string();
    REQUIRE(mkdtemp(made.data()) != nullptr);
    path = made;
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path path;
};

std::string content(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

std::size_t files_in(const fs::path& path) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator{path}, fs::directory_iterator{}));
}

}  // namespace

TEST_SUITE("whole files") {
  TEST_CASE("a file is written, and then another in its place") {
    const Folder folder;
    const fs::path file = folder.path / "it";
    write_whole(file, "a long text");
    write_whole(file, "new");
    CHECK(content(file) == "new");
    CHECK(files_in(folder.path) == 1);
  }

  TEST_CASE("a file keeps its permissions") {
    const Folder folder;
    const fs::path file = folder.path / "it";
    write_whole(file, "old");
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    write_whole(file, "new");
    CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  }

  TEST_CASE("a link goes on pointing to the file that is written") {
    const Folder folder;
    const fs::path file = folder.path / "it";
    write_whole(file, "old");
    fs::create_symlink(file, folder.path / "link");
    write_whole(folder.path / "link", "new");
    CHECK(fs::is_symlink(folder.path / "link"));
    CHECK(content(file) == "new");
  }

  TEST_CASE("a device stays one") {
    write_whole("/dev/null", "new");
    CHECK(fs::is_character_file("/dev/null"));
  }

  TEST_CASE("what can't be written is an error, and what was there stays") {
    const Folder folder;
    CHECK_THROWS_AS(write_whole(folder.path / "none" / "it", "new"), std::system_error);
    CHECK_THROWS_AS(write_whole(folder.path, "new"), std::system_error);
    CHECK(files_in(folder.path) == 0);
  }
}
