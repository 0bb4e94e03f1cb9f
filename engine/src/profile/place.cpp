#include "place.hpp"

#include <sys/un.h>

#include <charconv>
#include <flux/nodes/address.hpp>
#include <stdexcept>
#include <string_view>

namespace flux::profile {

Place Place::parse(const std::string& text) {
  constexpr std::string_view scheme = "unix:";
  if (text.starts_with(scheme)) {
    Place place{.path = text.substr(scheme.size())};
    if (place.path.empty() || place.path.size() >= sizeof sockaddr_un{}.sun_path) {
      throw std::invalid_argument{"must have a path of 1 to 107 bytes behind `unix:`"};
    }
    return place;
  }
  const std::size_t colon = text.rfind(':');
  Place place{.host = text.substr(0, colon)};
  if (place.host.starts_with('[') && place.host.ends_with(']')) {
    place.host = place.host.substr(1, place.host.size() - 2);
  }
  const char* const end = text.data() + text.size();
  const char* const begin = colon == text.npos ? end : text.data() + colon + 1;
  const auto [stop, error] = std::from_chars(begin, end, place.port);
  if (place.host.empty() || begin == end || error != std::errc{} || stop != end || place.port < 0 ||
      place.port > 65'535) {
    throw std::invalid_argument{"must be like `127.0.0.1:9100` or `unix:/run/image.sock`, not `" +
                                text + "`"};
  }
  return place;
}

Place Place::of_worker(int number) const {
  if (!path.empty()) return parse("unix:" + path + "." + std::to_string(number));
  Place own = *this;
  if (port != 0) own.port += number;
  return own;
}

bool Place::is_of_this_machine() const {
  const std::string own = path.empty() ? nodes::Address{host, port}.host() : "";
  return own.empty() || own == "::1" || own.starts_with("127.");
}

}  // namespace flux::profile
