#include "bad-output-type.h"

int Listen(int* socket) {
  *socket = 1;
  return 0;
}

int Answer(int& socket) {
  return socket;
}
