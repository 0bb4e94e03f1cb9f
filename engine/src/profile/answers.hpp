// What is answered to whom: the rules of the profile's socket, without any I/O.

#pragma once

#include <flux/nodes/http_message.hpp>
#include <string>

#include "profiler.hpp"
#include "report.hpp"

namespace flux::profile {

struct Answer {
  int status = 200;
  const char* type = "text/plain; charset=utf-8";
  std::string body{};
  const char* allow = nullptr;  // the methods that there are, where the one asked for isn't
};

class Answers {
 public:
  // `token` is what those who ask must know; "": nothing.
  Answers(Profiler& profiler, const About& about, std::string token)
      : profiler_{profiler}, about_{about}, token_{std::move(token)} {}

  // Whoever comes from this machine over a socket in the file system needs no `Host`.
  Answer to(const nodes::Request& request, bool is_local);

 private:
  bool is_known(const nodes::Request& request) const noexcept;
  Answer shown(const nodes::Request& request);
  Answer done(const nodes::Request& request);

  Profiler& profiler_;
  About about_;
  std::string token_;
};

}  // namespace flux::profile
