// The socket on which a server tells where its time goes, and the thread that answers there.
//
// One thread serves all clients, a few at a time, and waits for none of them: `poll` says who can
// go on. What is slow is closed when its time is over.

#pragma once

#include <chrono>
#include <cstddef>
#include <flux/nodes/descriptor.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "answers.hpp"
#include "place.hpp"

namespace flux::profile {

class Socket {
 public:
  // Throws std::system_error if it can't listen there.
  Socket(const Place& place, Answers answers);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // Where it listens, with the port that the system chose if it was to.
  const std::string& address() const noexcept { return address_; }

 private:
  using Clock = std::chrono::steady_clock;
  class Client;
  using Clients = std::vector<std::unique_ptr<Client>>;

  void serve() noexcept;
  bool accepts() const noexcept;
  bool is_full() const noexcept;
  Clients::const_iterator next_to_go() const noexcept;
  int left() const noexcept;
  void accept() noexcept;
  void attend(std::size_t number, short events) noexcept;

  Answers answers_;
  std::string path_;
  std::string address_{};
  nodes::detail::Descriptor listener_{};
  nodes::detail::Descriptor bell_{};
  Clients clients_{};
  Clock::time_point accepts_again_{};  // before, there were no descriptors
  std::thread thread_{};
};

}  // namespace flux::profile
