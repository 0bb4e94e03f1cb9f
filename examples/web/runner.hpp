// What runs scripts, and a script at work.

#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct Settings;

// A script can't be run, or what comes of it is no answer.
class ScriptError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// It says nothing for too long.
class ScriptTooSlow : public ScriptError {
 public:
  using ScriptError::ScriptError;
};

// There are as many at work as there may be.
class ScriptTooMany : public ScriptError {
 public:
  using ScriptError::ScriptError;
};

// A script at work: what it says, as CGI has it (RFC 3875, 6).
class Script {
 public:
  Script() = default;
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;
  virtual ~Script() = default;

  // The next bytes, empty at the end; ScriptError, and what the upload throws.
  virtual std::string read() = 0;

  // Whether all has come that will come.
  [[nodiscard]] virtual bool is_over() const = 0;

  // Whether no other script can begin before its end.
  [[nodiscard]] virtual bool is_alone() const { return false; }

  // Have nothing more to do with it.
  virtual void close() = 0;
};

// What a script is told of a request, by name.
using Parameters = std::vector<std::pair<std::string, std::string>>;

// Waits for the next bytes of a body; empty at the end. None: there is no more.
using Upload = std::function<std::string()>;

// What a script is asked: what has come of the request's body, and what waits for the rest.
struct Asked {
  Parameters parameters;
  std::string_view body;
  Upload upload = {};
  bool may_repeat = false;  // it does no harm to ask twice
};

// What runs scripts: a FastCGI server, programs or, in the program `embedded`, PHP in this process.
class Runner {
 public:
  Runner() = default;
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  virtual ~Runner() = default;

  // Begin to run the script that is called so; ScriptError, and what the upload throws.
  virtual std::shared_ptr<Script> start(const std::string& name, Asked asked) = 0;

  // Whether it takes bodies as they come.
  [[nodiscard]] virtual bool takes_uploads() const { return true; }
};

// The one that the settings ask for; BadUsage if the program has no such one.
std::unique_ptr<Runner> make_runner(const Settings& settings);
