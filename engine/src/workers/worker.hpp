// What a process knows of being one of several workers: its number, and the line to their parent.
//
// supervisor.hpp has the theory.

#pragma once

#include <string>
#include <string_view>

#include "flux/nodes/address.hpp"
#include "flux/nodes/descriptor.hpp"

namespace flux::workers {

// What a worker says to its parent.
struct Message {
  enum class Kind { open, serves, over };

  Kind kind = Kind::serves;
  int type = 0;              // of a socket that is asked for: SOCK_STREAM or SOCK_DGRAM
  int backlog = 0;           // its clients that wait
  nodes::Address address{};  // where it listens
};

class Worker {
 public:
  // `is_first`: it was started before all others.
  Worker(int number, bool is_first, nodes::detail::Descriptor line) noexcept;

  int number() const noexcept { return number_; }
  bool is_first() const noexcept { return is_first_; }

  // A socket of this worker's own at an address that all workers have; it doesn't block. Throws
  // std::system_error if the parent can't make it.
  nodes::detail::Descriptor borrow(const nodes::Address& address, int type, int backlog) const;

  // The program has begun to serve.
  void serves() const noexcept;

  // The program has ended by itself, and needs no other worker.
  void is_over() const noexcept;

 private:
  void say(const Message& message) const noexcept;

  int number_;
  bool is_first_;
  nodes::detail::Descriptor line_;
};

// Let this process be a worker; once.
void become(Worker worker);

// What this process is as a worker; null if it is the only one.
const Worker* own() noexcept;

// A worker's own file, of those that all would give the same name: `it.json` -> `it.1.json`.
std::string own_file(const std::string& name);

}  // namespace flux::workers
