// The target of a request: what it asks for (RFC 9112, 3.2), and of whom.

#pragma once

#include <string>
#include <string_view>

namespace flux::nodes::http {

// Whether this is a host, perhaps with a port; the host may be empty.
bool is_host(std::string_view text) noexcept;

struct Target {
  std::string_view path;
  std::string_view query;
};

// The percent-decoded path, and the query as it is: views of the target, or of `decoded`, where a
// path is put that is not as it stands in the target.
Target split_target(std::string_view method, std::string_view target, std::string& decoded);

}  // namespace flux::nodes::http
