#include <flux/simulator/flows.hpp>

namespace flux::simulator {

FlowId Flows::make_new() {
  flows_.emplace_back();
  return static_cast<FlowId>(flows_.size() - 1);
}

}  // namespace flux::simulator
