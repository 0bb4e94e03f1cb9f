#include "nodes-file-3.h"

int Answer(int socket, char* line) {
  return socket > 0 && line ? 0 : 1;
}
