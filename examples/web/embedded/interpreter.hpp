// PHP in this process: one interpreter, in a thread of its own.
//
// PHP, as distributions build it, keeps its state in plain variables, and some of its libraries
// theirs in those of a thread; scripts need a large stack, and a working folder. So all of PHP
// stays in one thread that does nothing else, and the flow that asks for a script waits for what
// it says, as it would for a FastCGI server. For which flow PHP works is settled by the program:
// its constraint `php` lets in one at a time.
//
// What a script says is held back until it is over, or flushed, or too much to hold: a short
// answer costs one change of threads there, and one back.

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "../runner.hpp"
#include "roomy_thread.hpp"

class Interpreter;

// A script that PHP is to run, or runs.
class Performance final : public Script {
 public:
  Performance(Interpreter& home, Parameters told, std::string_view body)
      : parameters{std::move(told)}, body{body}, home_{home} {}
  ~Performance() override { close(); }

  std::string read() override;
  [[nodiscard]] bool is_over() const override;
  [[nodiscard]] bool is_alone() const override { return true; }
  void close() override;

  // The value of a parameter; nullptr if there is none.
  [[nodiscard]] const std::string* find(std::string_view name) const;

  // For PHP's thread: say something, and wait while it is too much; whether anybody listens.
  bool say(std::string_view text);
  void flush();

  // For PHP's thread.
  const Parameters parameters;
  const std::string body;
  std::size_t body_read = 0;

 private:
  friend Interpreter;
  using Lock = std::unique_lock<std::mutex>;

  void interrupt_until_over(Lock& lock);

  Interpreter& home_;
  // All with the interpreter's lock.
  std::string said_;
  bool is_flushed_ = false;
  bool is_abandoned_ = false;
  bool has_ended_ = false;
};

class Interpreter final : public Runner {
 public:
  // Start PHP; ScriptError. A script that says nothing for so long is ended.
  explicit Interpreter(std::chrono::milliseconds patience);
  ~Interpreter() override;

  // The script before must be over.
  std::shared_ptr<Script> start(const std::string& name, Asked asked) override;

  // A slow client would hold up all others.
  [[nodiscard]] bool takes_uploads() const override { return false; }

 private:
  friend Performance;

  void live();
  void perform_all();

  const std::chrono::milliseconds patience_;
  std::mutex guard_;
  std::condition_variable asked_;  // PHP's thread waits for it
  std::condition_variable heard_;  // and a flow for this
  Performance* next_ = nullptr;
  bool has_started_ = false;
  bool has_failed_ = false;
  bool is_over_ = false;
  RoomyThread thread_;  // the last: it uses the others
};
