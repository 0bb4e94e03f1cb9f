// What nodes have to do with traces.

#include <flux/flux.h>

#include <flux/meter.hpp>
#include <string>

namespace flux {

std::string traceparent() {
  const Meter* const meter = Meter::current();
  return meter != nullptr ? meter->traceparent() : "";
}

void join_trace(std::string_view traceparent) {
  if (Meter* const meter = Meter::current()) {
    meter->join(traceparent);
  }
}

}  // namespace flux

// Functions of C throw nothing.
int flux_traceparent(char text[56]) {
  std::string own;
  try {
    own = flux::traceparent();
  } catch (...) {  // there is no memory for it
  }
  const std::size_t size = own.copy(text, 55);
  text[size] = '\0';
  return static_cast<int>(size);
}

void flux_join_trace(const char* traceparent) {
  try {
    flux::join_trace(traceparent);
  } catch (...) {
  }
}
