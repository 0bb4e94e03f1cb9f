// Where connections arrive, wait, are called, and leave.
//
// Theory of operation. A connection is always in one place: *idle*, until its client speaks;
// *ready*, its client has spoken; *in use* by a flow; *lingering*, closed by its flow, until the
// client has finished too; or gone. So a connection that waits for its client costs neither a flow
// nor a thread.
//
//     accept -> idle -> ready -> (call) in use -> (keep) idle, or ready if more has come
//                                              -> (close) lingering -> gone
//                                              -> (abort, dropped) gone
//
// All work is done inside `call`, by the thread of the source; others only move a connection from
// one place to another, under `lock_`. While the source waits for a place for its flow, nothing is
// accepted and nothing expires: the kernel's backlog holds new clients back.
//
// Connections are registered in the poller once, and each arrival is told once. What is told while
// a connection is in use is remembered (`heard`), and so is whether its flow has read all there was
// (`may_have_input`: a read that gave less than it might has come to the end). Only where one of
// them leaves a doubt, `keep` asks the socket. So a request that came in one piece and was read
// whole costs no system call for waiting but the source's own.
//
// Time-outs need no ticking: the wait ends at the earliest deadline. Who adds an earlier one wakes
// the wait. `keep` never has to: as long as there are connections, the wait is no longer than the
// idle time-out, and one kept now is due after it.
//
// tcp_admission.cpp says who comes in, tcp_closing.cpp how a reception ends.

#pragma once

#include <atomic>
#include <cstdint>
#include <flux/lock.hpp>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "flux/nodes/tcp.hpp"
#include "tcp_entrance.hpp"
#include "tcp_patience.hpp"
#include "tcp_poller.hpp"
#include "tcp_state.hpp"
#include "tcp_waiting.hpp"

namespace flux::nodes::detail {

// How many connections, and how long they may take.
struct Bounds {
  std::size_t connections;
  std::chrono::milliseconds idle;
  std::chrono::milliseconds call;
  std::chrono::milliseconds linger{2000};
  std::size_t waiting = 0;  // calls; 0: any number
};

class Reception : public std::enable_shared_from_this<Reception> {
 public:
  Reception(Entrance entrance, const Bounds& bounds, std::shared_ptr<Veils> veils = {});

  const Bounds& bounds() const noexcept { return bounds_; }
  Patience& patience() noexcept { return patience_; }
  std::size_t open_count() const;
  std::size_t idle_count() const;

  // The next ready connection, which is now in use, and 0; FLUX_END after `close`; or an errno.
  int call(Connection* client);

  // A connection in use becomes idle, or ready; after `close` it leaves.
  void keep(Connection client);

  // Whether the client of a connection in use has said that it sends nothing more.
  bool owes_nothing(const ConnectionState& state) const;

  // A connection in use has been closed by its flow: wait for its client to finish.
  void linger(Connection client);

  // Close a connection's socket, whatever is still on its way, and count it out.
  void release(ConnectionState& state) noexcept;

  // Take no new clients, let those go that wait and are silent, and end `call` when no connection
  // is in use.
  void finish();

  // End `call`, and let every connection go that is not in use.
  void close();

 private:
  // What the events of one wait mean for connections that wait.
  struct Heard {
    bool arrivals = false;
    std::vector<ConnectionState*> lingering;
    WaitingList veiled;
    WaitingList gone;
  };

  // What other threads do.
  bool is_closed() const;
  bool place(Connection& client, bool unused);
  Input unread(ConnectionState& state);
  void wake_before(Clock::time_point deadline) const;
  void wake() const;

  // What the thread of the source does, inside `call`.
  int call_in_turn(Connection* client);
  void begin();
  bool is_finishing() const;
  Connection next_ready();
  int gather();
  Clock::time_point time_to_sleep();
  void catch_up(Heard& heard);
  void fetch(Heard& heard);
  void hear(ConnectionState& state, bool may_have_finished, Heard& heard);
  void hear_lingering(ConnectionState& state);
  void hear_veiled(Connection client);
  void leave_expired(WaitingList& gone);

  // Who comes in: tcp_admission.cpp.
  int accept();
  int close_door(int error);
  void open_door();
  int admit(Arrival arrival);
  int enrol(Connection client);
  bool make_room();

  // How it ends: tcp_closing.cpp.
  bool has_finished();
  void sweep();
  void send_off(Connection idle);
  void tear_down();

  ConnectionState* find(std::uint64_t token) const noexcept;
  Connection leave_first(std::initializer_list<WaitingList*> lists);

  const Bounds bounds_;
  Patience patience_;
  const std::shared_ptr<Veils> veils_;
  Entrance entrance_;
  std::mutex turn_;
  int handed_out_ = 0;  // since events were fetched
  bool swept_ = false;  // finishing, nobody is left at the door or idle
  bool torn_down_ = false;
  std::optional<Clock::time_point> opens_at_;  // nobody is accepted before that

  std::atomic<bool> closed_ = false;  // set with the lock only

  mutable ShortLock lock_;  // guards all that follows
  bool finishing_ = false;
  std::size_t open_ = 0;
  std::uint64_t enrolled_ = 0;
  std::vector<ConnectionState*> by_descriptor_;
  std::shared_ptr<Poller> poller_;  // of whoever calls; none before the first call
  WaitingList idle_;
  WaitingList ready_;
  WaitingList lingering_;
  Clock::time_point sleeps_until_ = Clock::time_point::min();  // awake
};

}  // namespace flux::nodes::detail
