// The sockets that workers listen on: one for each worker and address, kept open by the parent.
//
// A worker that takes another's place asks for the same in the same order, and gets the same. One
// that asks for any free port gets the port that the others have: the first such address that a
// worker asks for is the first of all, the second the second.
//
// Datagrams are nobody's who waits: their sockets aren't kept, only their addresses.

#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>

#include "flux/nodes/address.hpp"
#include "flux/nodes/descriptor.hpp"
#include "worker.hpp"

namespace flux::workers {

// A socket that is handed to a worker; it is closed here with this, unless it is kept.
struct Lent {
  int descriptor;
  nodes::detail::Descriptor own{};
};

class Sockets {
 public:
  // A worker begins: its next wish is its first.
  void begin(int worker) { asked_.erase(worker); }

  // The socket of a worker for its next wish. Throws std::system_error if there can't be one.
  Lent lend(int worker, const Message& wish);

  // Close what a worker had that has ended for good.
  void release(int worker) noexcept;

  // Close all, and keep none from now on: workers that have them go on.
  void close() noexcept;

 private:
  // An address at which workers listen, and the sockets there by worker and number.
  struct Place {
    int type;
    nodes::Address asked;
    int number;  // of those that asked for any free port at that address
    nodes::Address bound;
    std::map<std::pair<int, int>, nodes::detail::Descriptor> sockets{};
  };

  Place& place(int worker, const Message& wish);
  Place* find(const Message& wish, int number) noexcept;
  void bind(Place& place, int worker, const Message& wish);
  int count(int worker, const std::string& what) { return asked_[worker][what]++; }

  std::deque<Place> places_{};
  std::map<int, std::map<std::string, int>> asked_{};
  bool keeps_ = true;
};

}  // namespace flux::workers
