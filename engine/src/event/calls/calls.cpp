#include "calls.hpp"

#include <array>

namespace flux::event {

namespace linked {

extern const char children;
extern const char closing;
extern const char connecting;
extern const char controlling;
extern const char ending;
extern const char epolling;
extern const char making;
extern const char opening;
extern const char polling;
extern const char reading;
extern const char reading_at;
extern const char receiving;
extern const char receiving_many;
extern const char resolving;
extern const char selecting;
extern const char sending;
extern const char sending_files;
extern const char sending_many;
extern const char sleeping;
extern const char streams;
extern const char syncing;
extern const char writing;

}  // namespace linked

namespace {

constexpr std::array files{
    &linked::children,       &linked::closing,      &linked::connecting, &linked::controlling,
    &linked::ending,         &linked::epolling,     &linked::making,     &linked::opening,
    &linked::polling,        &linked::reading,      &linked::reading_at, &linked::receiving,
    &linked::receiving_many, &linked::resolving,    &linked::selecting,  &linked::sending,
    &linked::sending_files,  &linked::sending_many, &linked::sleeping,   &linked::streams,
    &linked::syncing,        &linked::writing,
};

}  // namespace

// The compiler must believe that the addresses are of use.
void link_calls() noexcept {
  for (const char* const each : files) {
    asm volatile("" : : "r"(each));
  }
}

}  // namespace flux::event
