#include "interpreter.hpp"

#include <signal.h>

#include <algorithm>
#include <utility>

#include "php.hpp"

namespace {

constexpr std::size_t most_held = std::size_t{256} * 1024;
constexpr std::size_t stack = std::size_t{64} << 20;  // only what is used of it takes memory

// The signal of PHP's timer for `max_execution_time`; what flows run on begins later.
void leave_timer_to_php() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPROF);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

const std::string* find(const Parameters& parameters, std::string_view name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [name](auto& pair) { return pair.first == name; });
  return found == parameters.end() ? nullptr : &found->second;
}

std::string value_of(const Parameters& parameters, std::string_view name) {
  const auto* found = find(parameters, name);
  return found == nullptr ? "" : *found;
}

}  // namespace

std::string Performance::read() {
  Lock lock{home_.guard_};
  const auto is_ready = [this] { return is_flushed_ || has_ended_; };
  if (!home_.heard_.wait_for(lock, home_.patience_, is_ready)) {
    is_abandoned_ = true;
    interrupt_until_over(lock);
    throw ScriptTooSlow{"it says nothing"};
  }
  auto said = std::exchange(said_, {});
  const bool may_say_more = std::exchange(is_flushed_, false);
  lock.unlock();
  if (may_say_more) home_.asked_.notify_one();
  return said;
}

bool Performance::is_over() const {
  const Lock lock{home_.guard_};
  return has_ended_ && said_.empty();
}

void Performance::close() {
  Lock lock{home_.guard_};
  if (has_ended_) return;
  is_abandoned_ = true;
  home_.asked_.notify_one();
  if (!home_.heard_.wait_for(lock, home_.patience_, [this] { return has_ended_; })) {
    interrupt_until_over(lock);
  }
}

// It may go on behind an interruption: functions for its shutdown run.
void Performance::interrupt_until_over(Lock& lock) {
  do {
    php::interrupt(home_.thread_.id());
    home_.asked_.notify_one();
  } while (!home_.heard_.wait_for(lock, home_.patience_, [this] { return has_ended_; }));
}

const std::string* Performance::find(std::string_view name) const {
  return ::find(parameters, name);
}

bool Performance::say(std::string_view text) {
  Lock lock{home_.guard_};
  if (is_abandoned_) return false;
  said_.append(text);
  if (said_.size() >= most_held) {
    is_flushed_ = true;
    home_.heard_.notify_one();
    home_.asked_.wait(lock, [this] { return !is_flushed_ || is_abandoned_; });
  }
  return !is_abandoned_;
}

void Performance::flush() {
  const Lock lock{home_.guard_};
  if (said_.empty()) return;
  is_flushed_ = true;
  home_.heard_.notify_one();
}

Interpreter::Interpreter(std::chrono::milliseconds patience)
    : patience_{patience}, thread_{stack, [this] { live(); }} {
  leave_timer_to_php();
  std::unique_lock lock{guard_};
  heard_.wait(lock, [this] { return has_started_ || has_failed_; });
  if (has_failed_) throw ScriptError{"PHP does not start"};
}

Interpreter::~Interpreter() {
  const std::unique_lock lock{guard_};
  is_over_ = true;
  asked_.notify_one();
}

std::shared_ptr<Script> Interpreter::start(const std::string&, Asked asked) {
  auto& told = asked.parameters;
  auto self = value_of(told, "SCRIPT_NAME") + value_of(told, "PATH_INFO");
  told.emplace_back("PHP_SELF", std::move(self));
  auto performance = std::make_shared<Performance>(*this, std::move(told), asked.body);
  {
    const std::unique_lock lock{guard_};
    next_ = performance.get();
  }
  asked_.notify_one();  // without the lock, for PHP's thread may run at once, and want it
  return performance;
}

// All that PHP's thread does.
void Interpreter::live() {
  const bool started = php::start();
  {
    const std::unique_lock lock{guard_};
    (started ? has_started_ : has_failed_) = true;
    heard_.notify_one();
  }
  if (!started) return;
  perform_all();
  php::stop();
}

void Interpreter::perform_all() {
  std::unique_lock lock{guard_};
  while (true) {
    asked_.wait(lock, [this] { return next_ != nullptr || is_over_; });
    if (next_ == nullptr) return;
    auto& performance = *std::exchange(next_, nullptr);
    lock.unlock();
    php::run(performance);
    lock.lock();
    performance.has_ended_ = true;
    lock.unlock();
    heard_.notify_one();  // as in `start`
    lock.lock();
  }
}
