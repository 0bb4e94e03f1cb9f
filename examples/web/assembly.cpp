#include "assembly.hpp"

#include <flux/flux.h>

#include <flux/nodes/tls.hpp>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>

#include "text.hpp"

namespace {

std::shared_ptr<flux::nodes::Tls> tls_of(const Settings& settings,
                                         const Configuration& configuration) {
  if (settings.certificate.empty()) return {};
  auto made = std::make_shared<flux::nodes::Tls>(settings.certificate, settings.key);
  for (const auto& host : configuration.hosts) {
    if (host.certificate.empty()) continue;
    for (const auto& name : host.names) made->add(name, host.certificate, host.key);
  }
  return made;
}

}  // namespace

void add_sites(Sites& sites, const Settings& settings, const Configuration& configuration) {
  std::ifstream lines{settings.types};
  sites.types = read_types(lines);
  for (const auto& [ending, type] : configuration.types) sites.types[ending] = type;
  const Site::Bounds bounds{
      settings.largest, settings.cache_bytes, {!settings.php.empty(), settings.cgi}};
  sites.add(settings.root, configuration.indexes, bounds);
  for (const auto& host : configuration.hosts) {
    sites.add(host.root, host.indexes, bounds, host.names);
  }
}

flux::nodes::Limits limits_of(const Settings& settings, bool takes_uploads) {
  flux::nodes::Limits limits;
  limits.body = settings.body_bytes;
  if (takes_uploads) limits.streamed = settings.upload_bytes;
  return limits;
}

void set_up(flux::nodes::Listener& listener, const Settings& settings,
            const Configuration& configuration) {
  listener.host = settings.host;
  listener.port = settings.port;
  listener.backlog = settings.backlog;
  listener.max_connections = settings.connections;
  listener.max_waiting = settings.waiting;
  listener.timeout = settings.timeout;
  listener.idle_timeout = settings.idle_timeout;
  listener.tls = tls_of(settings, configuration);
}

void open_listener(flux::nodes::Listener& listener) {
  try {
    listener.open();
  } catch (const std::system_error& error) {
    throw std::system_error{error.code(), text::join({"cannot listen on ", listener.host, ":",
                                                      std::to_string(listener.port)})};
  }
  const flux::nodes::Address address(listener.host, listener.port);
  const auto* scheme = listener.tls ? "https://" : "http://";
  flux_announce(text::join({"listening on ", scheme, address.text()}).c_str());
}
