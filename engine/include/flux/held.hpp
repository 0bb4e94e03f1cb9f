// A constraint that a flow holds or is about to take, for who asks what the flow is doing.

#pragma once

#include <cstdint>

namespace flux {

// It stands where the flow holds it, and costs a few stores.
struct Held {
  const char* name;
  bool reads;
  bool is_of_session;  // the flow's
  bool is_taken;
  const Held* earlier;

  // By the flow's meter, if it has one: whether that waited, and when it was taken.
  bool is_measured = false;
  bool has_waited = false;
  std::uint64_t since = 0;
};

}  // namespace flux
