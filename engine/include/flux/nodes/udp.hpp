// UDP for servers: a socket that hands out datagrams, and sends others.
//
//     flux::nodes::UdpSocket udp;
//
//     int Receive(std::string* data, flux::nodes::Address* peer) { return udp.receive(data, peer);
//     }
//
//     extern "C" int flux_init(int, char**) { udp.open(); return 0; }
//     extern "C" void flux_interrupt(void) { udp.interrupt(); }

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <string>

#include "flux/nodes/address.hpp"
#include "flux/nodes/bytes.hpp"
#include "flux/nodes/waiting.hpp"

namespace flux::nodes {

namespace detail {
class DatagramBatch;
}

// A datagram on its way out.
struct Datagram {
  Bytes data;
  Address peer;
};

// A bound UDP socket.
//
// Making one opens nothing: set its members, then call `open`, which sets host and port. All
// functions may be called from any thread; calls of `receive` take turns.
class UdpSocket {
 public:
  UdpSocket();
  ~UdpSocket();

  std::string host = "127.0.0.1";
  int port = 0;                               // 0 is any that is free
  std::size_t max_size = 65'507;              // longer datagrams are dropped
  std::chrono::milliseconds timeout{30'000};  // for one call that sends

  // Bind, once; host and port then say where. `receive` and sending do it if need be.
  void open();

  // The source: the next datagram, and 0; FLUX_END once it is closed or interrupted; an errno if
  // the system can't receive now.
  int receive(std::string* data, Address* peer);

  // Send a datagram. Throws std::system_error, with std::errc::timed_out if the system takes none
  // for too long; that it was sent doesn't say that it arrives.
  void send_to(const Bytes& data, const Address& peer);

  // Send many, with few system calls.
  void send_batch(std::span<const Datagram> datagrams);

  // End `receive`; flows in flight may still send.
  void interrupt() noexcept;

  // End `receive`, and close the socket.
  void close() noexcept;

  std::uint64_t dropped() const noexcept { return dropped_; }  // for being too long

 private:
  bool is_open();
  bool bind();
  int receive_some();

  std::atomic<bool> ended_ = false;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::shared_mutex use_;  // shared by who uses the socket, alone for who opens or closes it
  bool closed_ = false;
  detail::Descriptor socket_;
  std::mutex turn_;  // guards the batch
  std::unique_ptr<detail::DatagramBatch> batch_;
};

}  // namespace flux::nodes
