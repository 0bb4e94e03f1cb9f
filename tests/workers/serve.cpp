// flux: headers=types.hpp
//
// As serve.py: the arguments are how a worker behaves, and a file.

#include "serve.h"

#include <fcntl.h>
#include <flux/flux.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

flux::nodes::Listener listener;
std::string_view manner;

// Whether this is the first worker of all; what is made here tells the next that it isn't.
bool is_first(const char *file) { return open(file, O_CREAT | O_EXCL, 0600) >= 0; }

// Wait for what nobody sends.
void wait_for_ever() {
  int ends[2];
  char nothing = 0;
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0) recv(ends[0], &nothing, 1, 0);
}

std::string_view received(const Connection &client, std::span<char> room) {
  return {room.data(), client.receive(room)};
}

}  // namespace

extern "C" int flux_init(int argc, char **argv) {
  manner = argv[1];
  if (manner == "fail" || (manner == "fail later" && argc > 2 && !is_first(argv[2]))) return 7;
  if (manner == "hang in init") wait_for_ever();
  if (manner == "ending") return 0;
  listener.open();
  flux_announce(std::to_string(listener.port).c_str());
  return 0;
}

extern "C" void flux_finish() { listener.finish(); }

extern "C" void flux_interrupt() { listener.interrupt(); }

int Listen(Connection *client) { return manner == "ending" ? FLUX_END : listener.listen(client); }

int Work(Connection client) {
  std::array<char, 16> room;
  const auto wish = received(client, room);
  if (wish == "die") std::_Exit(9);
  client.send(std::to_string(getpid()) + "\n");
  if (wish == "wait") received(client, room);
  client.send(std::string_view{"done\n"});
  client.close();
  return 0;
}
