#include "wrong-function-4.h"

int Listen(int* socket) {
  *socket = 1;
  return 0;
}

int Read(int socket, char** line) {
  *line = nullptr;
  return socket;
}

int Answer(int socket, char* line) {
  return socket > 0 && line ? 0 : 1;
}
