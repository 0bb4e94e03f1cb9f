// What `--help` tells of the options.

#include <flux/options.hpp>
#include <string>

namespace flux {

std::string help(const std::string& program) {
  return "Usage: " + program + R"( [OPTIONS] [-- ARGS...]

Options:
  --runtime RUNTIME      thread: a thread for each flow. pool: threads that share
                         a queue. event: a fiber for each flow, and one thread a
                         core, which a call that blocks gives to another flow.
                         [default: thread]
  --threads N            The size of the pool.
  --queue N              Flows that may wait for it.  [default: 1024]
  --cores N              Threads of the event runtime, each on a core of its own.
                         [default: 1]
  --stack KIB            The stack of each of its flows.  [default: 256]
  --stall MS             Tell when a node keeps a core busy for longer; 0: never.
                         [default: 200]
  --max-flows N          Flows alive at a time.
  --workers N            Serve in N processes, each with state and constraints of
                         its own; one that dies is replaced.
  --start-timeout SECONDS
                         How long each may take until it serves; one that takes
                         longer is killed.  [default: 60]
  --drain SECONDS        How long flows may take to finish when the server is
                         stopped.  [default: 25]
  --profile              Count where the time goes, from the start, and write it
                         to a file at the end.
  --profile-file FILE    That file.  [default: PROGRAM.profile.json]
  --profile-listen ADDRESS
                         Tell it to who asks there: 127.0.0.1:9100, or
                         unix:/run/image.sock.
  --profile-token-file FILE
                         A secret that those who ask must know.
  --trace URL            Send flows there as OpenTelemetry's traces, and profile
                         from the start: http://127.0.0.1:4318.
  --trace-every N        One flow in N, by chance.  [default: 1000]
  --version              Tell the version.
  --help                 Show this.

ARGS are for the program's functions. SIGTERM and SIGINT stop the server: flows
in flight finish first. Exits with 0, or with 4 if some were cut short. SIGUSR2
turns the profile on, or off and writes it.
)";
}

}  // namespace flux
