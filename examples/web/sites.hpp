// What is served under which name: a folder with a cache of its own for each host.

#pragma once

#include <cstdint>
#include <flux/nodes/http_message.hpp>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mime.hpp"
#include "pages.hpp"
#include "second_chance.hpp"

// A folder, whose path is `root` without links in it, and what is kept of it.
struct Site {
  // Those of each: bytes of a file that is kept, and of all that is; and which scripts run.
  struct Bounds {
    std::uint64_t largest = 0;
    std::uint64_t cache = 0;
    ScriptNames scripts = {};
  };

  Site(const std::string& folder, std::vector<std::string> indexes, const Types& types,
       const Bounds& bounds);

  std::string root;
  Pages pages;
  SecondChance<Page> cache;
};

// Folders by the names of hosts, in small letters; what has no name here is the first one's.
class Sites {
 public:
  Types types = {};  // of media, for all of them

  void add(const std::string& folder, const std::vector<std::string>& indexes,
           const Site::Bounds& bounds, const std::vector<std::string>& names = {});

  // What a request is about.
  Site& of(const flux::nodes::Request& request);

 private:
  std::list<Site> all_;
  std::map<std::string, Site*, std::less<>> named_;
};

// The host that a request names, in small letters, without its port; an empty one: none.
//
// That of the target counts where it is there (RFC 9112, 3.2.2).
std::string host_of(const flux::nodes::Request& request);

// The name in a Host field.
std::string_view without_port(std::string_view authority);
