#include "name-clash-3.h"

int Listen(int* number) {
  *number = 1;
  return 0;
}

int Even(int) {
  return 0;
}

int Odd(int) {
  return 0;
}
