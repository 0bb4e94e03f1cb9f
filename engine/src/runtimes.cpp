#include "runtimes.hpp"

#include <utility>

#include "event_runtime.hpp"
#include "pool.hpp"
#include "thread.hpp"

namespace flux {

std::unique_ptr<Runtime> new_runtime(const Options& options, Carry carry,
                                     std::function<void()> on_idle) {
  switch (options.runtime) {
    case RuntimeKind::pool:
      return std::make_unique<Pool>(std::move(carry), std::move(on_idle), options.threads,
                                    options.queue);
    case RuntimeKind::event:
      return std::make_unique<EventRuntime>(std::move(carry), std::move(on_idle), options.cores,
                                            options.stack, options.stall);
    case RuntimeKind::thread:
      break;
  }
  return std::make_unique<ThreadPerFlow>(std::move(carry), std::move(on_idle));
}

}  // namespace flux
