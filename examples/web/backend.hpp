// A FastCGI server, the connections to it that are kept, and what it is asked on them.
//
// A connection that is kept holds a process of PHP, whether anybody asks it something or not. There
// may be few of them, or just one: a new connection would then wait until a kept one is closed. So
// while any waits for its first answer, connections are closed after use.

#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fastcgi.hpp"
#include "runner.hpp"
#include "socket.hpp"

// Sockets that many put there and take away, without a lock.
class Shelf {
 public:
  explicit Shelf(std::size_t room) : slots_(room) {}
  Shelf(const Shelf&) = delete;
  Shelf& operator=(const Shelf&) = delete;
  ~Shelf();

  // One for which there is no room is closed.
  void put(Socket socket);

  // Any of them; one without a descriptor if there is none.
  Socket take();

 private:
  std::vector<std::atomic<int>> slots_;  // descriptors, each one more; 0: free
};

class Run;

// A server at `host:port`, or at the path of a socket.
//
// It may be silent for so long; at most `most_kept` connections to it are kept.
class Backend : public Runner {
 public:
  Backend(std::string address, std::chrono::milliseconds timeout, std::size_t most_kept)
      : address_{std::move(address)}, timeout_{timeout}, kept_{most_kept} {}

  // Ask for a script, and wait for the first word; fastcgi::Error, and what the upload throws.
  //
  // Where a kept connection turns out to have ended, a request that may be repeated has another.
  // One whose body is left to be uploaded can't be repeated, and has a new one.
  std::shared_ptr<Script> start(const std::string& name, Asked asked) override;

  // Take back a connection on which nothing is asked any more.
  void keep(Socket server);

  [[nodiscard]] std::chrono::milliseconds timeout() const { return timeout_; }

 private:
  using Request = std::shared_ptr<const std::string>;

  Socket take();
  std::shared_ptr<Run> start_anew(const std::string& name, Request request, Upload upload);

  std::string address_;
  std::chrono::milliseconds timeout_;
  Shelf kept_;
  std::atomic<int> waiting_ = 0;
};

// A script at work. It may answer before it has read everything, and the other way round.
//
// The server may be silent for the backend's time, which begins anew with what the client says.
class Run : public Script {
 public:
  using Clock = std::chrono::steady_clock;

  Run(Backend& backend, std::string name, Socket server, std::shared_ptr<const std::string> request,
      Upload upload = {})
      : backend_{backend},
        name_{std::move(name)},
        server_{std::move(server)},
        request_{std::move(request)},
        unsent_{*request_},
        upload_{std::move(upload)} {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() override { close(); }

  // Wait until the server has said something; fastcgi::Error, and what the upload throws.
  void begin();

  std::string read() override;
  [[nodiscard]] bool is_over() const override { return output_.is_over(); }

  // Tells, too, what it has complained of.
  void close() override;

 private:
  void be_patient() { deadline_ = Clock::now() + backend_.timeout(); }
  bool advance();
  void refill();
  short wait() const;
  void send();
  bool receive();

  Backend& backend_;
  std::string name_;
  Socket server_;
  std::shared_ptr<const std::string> request_;
  std::string_view unsent_;  // of the request, or of what has been uploaded
  std::string uploaded_;
  Upload upload_;
  Clock::time_point deadline_;
  fastcgi::Output output_;
  std::vector<char> room_;
};
