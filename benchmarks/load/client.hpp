// One client: a connection that asks and waits, one request at a time.

#pragma once

#include <netinet/in.h>

#include <string_view>

#include "options.hpp"
#include "reply.hpp"

namespace load {

// Edges of readiness are told through an epoll instance, as `epoll_data.ptr`.
class Client {
 public:
  Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { close(); }

  bool is_open() const { return descriptor_ >= 0; }
  bool is_waiting() const { return waiting_; }
  int replies() const { return replies_; }  // on this connection
  Clock::time_point due() const { return due_; }

  // When the system had the last bytes of the reply, however late this program looked at them.
  Clock::time_point replied() const { return replied_; }

  // Begin to connect. Throws Failed.
  void connect(int epoll, const sockaddr_in& address);

  // Ask for a target that was due at this time. Throws Failed.
  void ask(const Target& target, const Check& check, Clock::time_point due);

  // After an event: whether the reply is whole now. `finished`: the server sends no more.
  // Throws Failed.
  bool go_on(bool finished);

  // Whether the server closes after the last reply.
  bool is_left() const { return reply_.closes(); }

  void close();

 private:
  void send();
  bool receive(bool finished);
  ssize_t take(char* buffer, std::size_t room, int flags);

  int descriptor_ = -1;
  bool waiting_ = false;
  int replies_ = 0;
  Clock::time_point due_;
  Clock::time_point replied_;
  std::string_view unsent_;
  Reply reply_;
};

}  // namespace load
