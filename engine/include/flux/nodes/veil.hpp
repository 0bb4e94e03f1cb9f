// What stands between the bytes on the wire and those that flows see: TLS, for example.

#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "flux/nodes/bytes.hpp"
#include "flux/nodes/waiting.hpp"

namespace flux::nodes {

namespace detail {
class ConnectionState;
}

// What a look at a connection's input shows.
enum class Input { none, waiting, finished };

// The client speaks without the veil that it should have.
//
// What is sent to it from now on goes out as it is, so that it can be told.
class Unveiled : public std::system_error {
 public:
  explicit Unveiled(const std::string& what)
      : std::system_error(std::make_error_code(std::errc::connection_aborted), what) {}
};

// The bytes of a connection as they are.
class Wire {
 public:
  explicit Wire(detail::ConnectionState& state) noexcept : state_{state} {}

  // As those of Connection.
  std::size_t receive(std::span<char> into, Deadline& deadline) const;
  void send(std::span<const Bytes> parts, Deadline& deadline) const;

  // Without waiting: what there is.
  Input look() const noexcept;

  // Without waiting: how many bytes came, 0 at the end, none if that isn't there yet.
  std::optional<std::size_t> receive_now(std::span<char> into) const noexcept;

  // Without waiting, as far as it goes.
  void send_now(std::string_view bytes) const noexcept;

 private:
  int descriptor() const noexcept;

  detail::ConnectionState& state_;
};

class Veil {
 public:
  Veil() = default;
  Veil(const Veil&) = delete;
  Veil& operator=(const Veil&) = delete;
  virtual ~Veil() = default;

  // As those of Connection.
  virtual std::size_t receive(const Wire& wire, std::span<char> into, Deadline deadline) = 0;
  virtual void send(const Wire& wire, std::span<const Bytes> parts, Deadline deadline) = 0;

  // Whether bytes have come that nobody has seen yet.
  virtual bool has_input() const noexcept = 0;

  // Without waiting: what there is for a flow. What comes on the wire may be a farewell.
  virtual Input look(const Wire& wire) noexcept = 0;

  // Say farewell, without waiting.
  virtual void close(const Wire& wire) noexcept = 0;
};

// Makes a veil for each connection; any thread may ask.
class Veils {
 public:
  Veils() = default;
  Veils(const Veils&) = delete;
  Veils& operator=(const Veils&) = delete;
  virtual ~Veils() = default;

  virtual std::unique_ptr<Veil> veil() = 0;
};

}  // namespace flux::nodes
