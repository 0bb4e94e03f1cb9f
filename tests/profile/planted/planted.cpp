// The nodes of planted.flux. A byte of the standard input is a number.

#include "planted.h"

#include <unistd.h>

#include <ctime>

namespace {

constexpr long work = 500'000;

long processor_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

int Numbers(int *number) {
  unsigned char byte = 0;
  const ssize_t count = read(STDIN_FILENO, &byte, 1);
  *number = byte;
  return count == 1 ? 0 : FLUX_END;
}

bool IsHeavy(int number) { return number < 3; }

bool IsSlow(int number) { return number == 9; }

int Burn(int) {
  const long end = processor_time() + work;
  while (processor_time() < end) {
  }
  return 0;
}

int Keep(int) { return usleep(2 * work / 1000); }

int Refuse(int) { return EINVAL; }

int Apologize(int) { return 0; }
