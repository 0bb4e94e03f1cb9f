#include "reserved-name-2.h"

int Listen(int* socket) {
  *socket = 1;
  return 0;
}
