#include "sites.hpp"

#include <filesystem>
#include <utility>

#include "text.hpp"

Site::Site(const std::string& folder, std::vector<std::string> indexes, const Types& types,
           const Bounds& bounds)
    : root{std::filesystem::canonical(folder).string()},
      pages{folder, std::move(indexes), types, bounds.largest, bounds.scripts} {
  cache.set_bound(bounds.cache);
}

void Sites::add(const std::string& folder, const std::vector<std::string>& indexes,
                const Site::Bounds& bounds, const std::vector<std::string>& names) {
  auto& site = all_.emplace_back(folder, indexes, types, bounds);
  for (const auto& name : names) named_.emplace(name, &site);
}

Site& Sites::of(const flux::nodes::Request& request) {
  if (named_.empty()) return all_.front();
  const auto found = named_.find(host_of(request));
  return found == named_.end() ? all_.front() : *found->second;
}

std::string host_of(const flux::nodes::Request& request) {
  std::string_view named = request.headers.get("Host").value_or("");
  if (!request.target.starts_with('/')) {
    const auto end = request.target.find("://");
    named = end == request.target.npos ? "" : request.target.substr(end + 3);
    named = named.substr(0, named.find_first_of("/?"));
  }
  auto host = text::lower(without_port(named));
  if (host.ends_with('.')) host.pop_back();
  return host;
}

std::string_view without_port(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}
