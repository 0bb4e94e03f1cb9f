#include "bad-output-type-2.h"

int Listen(const int* socket) {
  return socket ? 0 : 1;
}

int Answer(const int socket) {
  return socket;
}
