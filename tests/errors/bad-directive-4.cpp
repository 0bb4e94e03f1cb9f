// flux: blocking=Red

#include "bad-directive-4.h"

int Listen(int* socket) {
  *socket = 1;
  return 0;
}

int Read(int socket, int* out_socket, char** line) {
  *out_socket = socket;
  *line = nullptr;
  return 0;
}

int Answer(int socket, char* line) {
  return socket > 0 && line ? 0 : 1;
}
