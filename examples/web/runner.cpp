#include "runner.hpp"

#include "backend.hpp"
#include "settings.hpp"

std::unique_ptr<Runner> make_runner(const Settings& settings) {
  if (settings.php == "embedded") {
    throw BadUsage{
        "argument --php: no PHP is in this program: name a FastCGI server, or run "
        "embedded/web.flux"};
  }
  return std::make_unique<Backend>(settings.php, settings.php_timeout, settings.php_kept);
}
