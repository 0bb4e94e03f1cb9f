// flux: headers=../types.hpp libs=php,ssl,crypto
// flux: files=../web.cpp,../answers.cpp,../assembly.cpp,../codings.cpp,../conditions.cpp
// flux: files=../configuration.cpp,../dates.cpp,../folder.cpp,../journal.cpp,../mime.cpp
// flux: files=../pages.cpp,../process.cpp,../programs.cpp,../ranges.cpp,../responses.cpp
// flux: files=../scripts.cpp,../sending.cpp,../settings.cpp,../sites.cpp
// flux: files=interpreter.cpp,php.cpp,roomy_thread.cpp
//
// The web server with PHP inside: the nodes and all else are those of the folder above, but for
// what runs scripts.

#include "../runner.hpp"
#include "../settings.hpp"
#include "interpreter.hpp"

std::unique_ptr<Runner> make_runner(const Settings& settings) {
  if (settings.php == "embedded") return std::make_unique<Interpreter>(settings.php_timeout);
  throw BadUsage{
      "argument --php: PHP is in this program: say `--php embedded`, or run ../web.flux for a "
      "FastCGI server"};
}
