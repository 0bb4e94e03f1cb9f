// What is answered to whom: the rules of the profile's socket, without any I/O.

#pragma once

#include <array>
#include <flux/nodes/http_message.hpp>
#include <string>

#include "profiler.hpp"
#include "report.hpp"

namespace flux::profile {

struct Answer {
  int status = 200;
  const char* type = "text/plain; charset=utf-8";
  std::string body{};
  const char* allow = nullptr;  // the method that there is, where it isn't the one asked for
};

class Answers {
 public:
  // `token` is what those who ask must know; "": nothing.
  Answers(Profiler& profiler, const About& about, std::string token)
      : profiler_{profiler}, about_{about}, token_{std::move(token)} {}

  // Whoever comes from this machine over a socket in the file system needs no `Host`.
  Answer to(const nodes::Request& request, bool is_local);

 private:
  struct Address;
  static const std::array<Address, 7> addresses;

  bool is_known(const nodes::Request& request) const noexcept;
  Answer answer(const nodes::Request& request);

  template <class TextOf>
  std::string told(TextOf text_of);

  std::string profile();
  std::string metrics();
  std::string flows();
  std::string paths();
  std::string start();
  std::string stop();
  std::string clear();

  Profiler& profiler_;
  About about_;
  std::string token_;
};

}  // namespace flux::profile
