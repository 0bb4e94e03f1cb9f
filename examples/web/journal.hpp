// The access log: one line a request, in the forms that the tools for logs read.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "exchange.hpp"

namespace journal {

// A request and how it was answered.
struct Entry {
  std::string peer;
  std::chrono::system_clock::time_point moment;
  std::chrono::microseconds duration;
  std::string method;
  std::string target;
  std::string version;
  int status;
  std::uint64_t sent;
  std::string referrer;
  std::string agent;
};

// What the log tells of an exchange that is over.
Entry entry_of(const Request& request, const Reply& reply);

std::string common(const Entry& entry);    // the Common Log Format
std::string combined(const Entry& entry);  // the same with Referer and User-Agent
std::string json(const Entry& entry);      // an object of JSON

using Form = std::string (*)(const Entry& entry);

// The form of a name; null if there is none.
Form form_of(std::string_view name);

// Entries that wait to be written, and the file that they go to, if there is one.
//
// The file is opened anew each time: who rotates it just renames it.
class Journal {
 public:
  std::string path = {};
  Form form = common;

  // Have an exchange written sometime.
  void add(const Request& request, const Reply& reply);

  // All entries that wait, for `write`.
  std::vector<Entry> take();

  // Append entries to the file; std::system_error if that can't be done.
  void write(const std::vector<Entry>& entries) const;

 private:
  std::vector<Entry> waiting_ = {};
};

}  // namespace journal
