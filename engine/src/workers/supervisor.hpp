// `--workers N`: a server as several processes, and a parent that looks after them.
//
// The parent serves nobody. It is forked into workers before it has any thread, and each runs the
// whole program; on a line to the parent it asks for sockets to listen on, and says when it serves.
// So a worker that dies is replaced by a fork of a process that has done nothing yet.
//
// Whose sockets they are. The parent makes a socket for each worker at the same address
// (SO_REUSEPORT), and keeps it open: the kernel gives each its share of the clients, and who stands
// in the queue of a worker that has died is served by the one that takes its place. If workers made
// them, such clients would be lost with their worker; if all had one socket, each client would wake
// all of them, and the first might take all. When the server stops, the parent lets go of the
// sockets before it tells the workers: the last to close one is the worker, which first takes in
// whoever is in its queue.
//
// It starts the first worker and waits until that serves: what keeps a program from serving is told
// once. Then it starts the others. A worker whose first process doesn't come to serve ends the
// server, for neither would the next one. One that hangs in its start is killed: nobody else would
// ever serve in its place.

#pragma once

#include <cstddef>
#include <optional>

namespace flux::workers {

// How many seconds workers have: until they serve, and for their flows to finish.
struct Patience {
  double start;
  double drain;
};

// Look after so many workers; the exit status. None: this process is one of them now.
std::optional<int> supervise(std::size_t count, Patience patience);

}  // namespace flux::workers
