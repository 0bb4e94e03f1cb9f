#include "stalls.hpp"

#include <cstdlib>
#include <string>

#include "../event/line.hpp"

namespace flux::fibers {

namespace {

using std::chrono::milliseconds;

// The frames of a thread, the innermost first, and what Flux knows of them, if it is there.
constexpr const char* question = R"(
import sys
frame = sys._current_frames().get(ident)
threading, live = map(sys.modules.get, ("threading", "flux.runtime.live"))
thread = threading._active.get(ident) if threading else None
flow = live.flow_at(frame) if live else None
told = f" in {flow}" if flow else f": {thread.name}" if thread else ""
for _ in range(8):
    if frame and not (threading and frame.f_code.co_filename == threading.__file__):
        code = frame.f_code
        told += f'\n  File "{code.co_filename}", line {frame.f_lineno}, in {code.co_name}'
        frame = frame.f_back
)";

}  // namespace

Stalls::Stalls() noexcept {
  if (const char* const said = std::getenv(variable)) {
    threshold_ = milliseconds{std::strtoul(said, nullptr, 10)};
  }
}

void Stalls::tell(const Python& python, pthread_t name, std::uint64_t turn,
                  event::Clock::duration time) {
  if (threshold_ == threshold_.zero() || time < threshold_ || turn == told_) {
    return;
  }
  told_ = turn;
  if (!allowance_.take(event::Clock::now())) {
    ++untold_;
    return;
  }
  const auto count = std::chrono::duration_cast<milliseconds>(time).count();
  std::string text = "flux: a fiber has held up all others for " + std::to_string(count) + " ms";
  text += python.ask("ident = " + std::to_string(name) + question);
  if (untold_ > 0) {
    text += "\n(and " + std::to_string(untold_) + " more like it)";
    untold_ = 0;
  }
  event::write_to_stderr(text += '\n');
}

}  // namespace flux::fibers
