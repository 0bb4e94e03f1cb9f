// Datagrams by the batch: one system call for many, where many wait.

#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "flux/nodes/udp.hpp"

namespace flux::nodes::detail {

inline constexpr std::size_t datagrams_a_call = 16;

// Datagrams that were received together, and are handed out one by one.
class DatagramBatch {
 public:
  // Those that are longer are dropped, and counted.
  DatagramBatch(std::size_t max_size, std::atomic<std::uint64_t>& dropped);

  // Receive what has come, without waiting; the result of recvmmsg.
  int receive(int socket) noexcept;

  // The next one; whether there was one.
  bool next(std::string* data, Address* peer);

 private:
  std::size_t max_size_;
  std::atomic<std::uint64_t>& dropped_;
  std::unique_ptr<char[]> bytes_;
  std::array<Address, datagrams_a_call> peers_;
  std::array<iovec, datagrams_a_call> buffers_{};
  std::array<mmsghdr, datagrams_a_call> headers_{};
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

// Send as many of these as the system takes in one call; the result of sendmmsg.
int send_some(int socket, std::span<const Datagram> datagrams) noexcept;

}  // namespace flux::nodes::detail
