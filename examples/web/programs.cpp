#include "programs.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <string_view>
#include <utility>

#include "process.hpp"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t chunk = 64 * 1024;               // bytes
constexpr std::size_t most_of_complaints = 64 * 1024;  // what is above that is dropped
constexpr auto usual_grace = 1000ms;

// One of so many places.
class Seat {
 public:
  Seat(std::atomic<int>& taken, int most) : taken_{taken} {
    if (++taken_ <= most) return;
    --taken_;
    throw ScriptTooMany{"too many programs run"};
  }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  ~Seat() { --taken_; }

 private:
  std::atomic<int>& taken_;
};

// Whether a call need not be tried again: what it said is all that there is.
bool is_final(ssize_t size) { return size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR); }

std::string path_of(const Parameters& parameters) {
  for (const auto& [name, value] : parameters) {
    if (name == "SCRIPT_FILENAME") return value;
  }
  throw ScriptError{"nobody has told where it is"};
}

// A program at work. It may answer before it has read everything, and the other way round.
class Program : public Script {
 public:
  Program(std::atomic<int>& taken, int most, std::chrono::milliseconds timeout, std::string name,
          Asked asked)
      : seat_{taken, most},
        timeout_{timeout},
        name_{std::move(name)},
        body_{asked.body},
        unsent_{body_},
        upload_{std::move(asked.upload)},
        process_{path_of(asked.parameters), asked.parameters, pipes_} {
    finish_input();
  }

  ~Program() override { Program::close(); }

  std::string read() override {
    be_patient();
    std::string text;
    while (text.empty() && !is_over_) {
      if (!exchange(text)) {
        close(0ms);
        throw ScriptTooSlow{"it says nothing"};
      }
    }
    return text;
  }

  [[nodiscard]] bool is_over() const override { return is_over_; }

  // See to its end, and tell what it has complained of.
  void close() override { close(usual_grace); }

 private:
  void be_patient() { deadline_ = Clock::now() + timeout_; }

  // Send and receive what goes; false after the deadline.
  bool exchange(std::string& text) {
    if (upload_ && unsent_.empty()) refill();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now());
    std::array<pollfd, 3> wanted{{{pipes_.input.descriptor(), POLLOUT, 0},
                                  {pipes_.complaints.descriptor(), POLLIN, 0},
                                  {pipes_.output.descriptor(), POLLIN, 0}}};
    const int found = left.count() <= 0
                          ? 0
                          : ::poll(wanted.data(), wanted.size(), static_cast<int>(left.count()));
    if (found <= 0) return found < 0 && errno == EINTR;
    if (wanted[0].revents != 0) send();
    if (wanted[1].revents != 0) hear();
    if (wanted[2].revents != 0) is_over_ = receive(pipes_.output, text);
    return true;
  }

  // Wait for more of the body.
  void refill() {
    body_ = upload_();
    unsent_ = body_;
    if (body_.empty()) upload_ = {};
    finish_input();
    be_patient();
  }

  void send() {
    const auto size = ::write(pipes_.input.descriptor(), unsent_.data(), unsent_.size());
    if (size > 0) unsent_.remove_prefix(static_cast<std::size_t>(size));
    if (is_final(size)) {  // it doesn't want the rest
      unsent_ = {};
      upload_ = {};
    }
    finish_input();
  }

  void finish_input() {
    if (unsent_.empty() && !upload_) pipes_.input = Socket{-1};
  }

  void hear() {
    std::string text;
    if (receive(pipes_.complaints, text)) pipes_.complaints = Socket{-1};
    complaints_.append(text.substr(0, most_of_complaints - complaints_.size()));
  }

  // Whether that is the end.
  static bool receive(const Socket& pipe, std::string& text) {
    text.resize(chunk);
    const auto size = ::read(pipe.descriptor(), text.data(), text.size());
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return is_final(size);
  }

  void close(std::chrono::milliseconds grace) {
    if (!std::exchange(is_open_, false)) return;
    if (pipes_.complaints.descriptor() >= 0) hear();
    pipes_ = {};  // who still writes is told so
    process_.end(grace);
    if (complaints_.empty()) return;
    std::fprintf(stderr, "%s says: %s\n", name_.c_str(), complaints_.c_str());
  }

  Seat seat_;
  std::chrono::milliseconds timeout_;
  std::string name_;
  std::string body_;  // what is there of it
  std::string_view unsent_;
  Upload upload_;
  Clock::time_point deadline_;
  std::string complaints_;
  Pipes pipes_;
  Process process_;
  bool is_over_ = false;
  bool is_open_ = true;
};

// What a program is told: what is empty isn't there, and no passwords (RFC 3875, 4.1).
Parameters environment(Parameters told) {
  std::erase_if(told, [](const auto& variable) {
    const auto& [name, value] = variable;
    return (value.empty() && name != "QUERY_STRING") || name == "HTTP_AUTHORIZATION";
  });
  told.emplace_back("PATH", "/usr/local/bin:/usr/bin:/bin");
  return told;
}

}  // namespace

std::shared_ptr<Script> Programs::start(const std::string& name, Asked asked) {
  asked.parameters = environment(std::move(asked.parameters));
  return std::make_shared<Program>(running_, most_, timeout_, name, std::move(asked));
}
