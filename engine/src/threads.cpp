#include "threads.hpp"

#include <pthread.h>

#include <cstring>

namespace flux {

int start_thread(void* (*run)(void*), void* argument) noexcept {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  const int error = pthread_create(&thread, &attributes, run, argument);
  pthread_attr_destroy(&attributes);
  return error;
}

void name_thread(const char* name) noexcept {
  constexpr std::size_t longest = 15;
  char shortened[longest + 1] = {};
  std::strncpy(shortened, name, longest);
  pthread_setname_np(pthread_self(), shortened);
}

}  // namespace flux
