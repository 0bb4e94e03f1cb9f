#include "move-only-input.h"

int Listen(std::unique_ptr<int>* socket) {
  *socket = std::make_unique<int>(1);
  return 0;
}

int Answer(std::unique_ptr<int> socket) {
  return *socket;
}

int Sorry(std::unique_ptr<int> socket) {
  return *socket;
}
