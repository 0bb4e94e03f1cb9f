#include "roomy_thread.hpp"

#include <system_error>
#include <utility>

RoomyThread::RoomyThread(std::size_t stack, std::function<void()> run) : run_{std::move(run)} {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack);
  const auto begin = [](void* own) -> void* {
    static_cast<RoomyThread*>(own)->run_();
    return nullptr;
  };
  const int error = pthread_create(&thread_, &attributes, begin, this);
  pthread_attr_destroy(&attributes);
  if (error != 0) throw std::system_error{error, std::generic_category(), "a thread for PHP"};
}
