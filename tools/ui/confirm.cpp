#include "tools/ui/confirm.hpp"

#include <fstream>

#include "crypto/mutex.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/shared/command_run.hpp"
#include "tools/shared/typed_secret.hpp"

namespace cpl {

Result<void> confirm_outside(const std::string& words) {
  static Mutex one_at_a_time;
  const Lock lock(one_at_a_time);
  const Error refused = refuse("not-confirmed", "You did not confirm it: nothing was signed.");
  if (const char* const program = std::getenv("CPL_ASKPASS"); program != nullptr) {
    const auto asked = run_command({program, words}, {}, std::chrono::minutes(2));
    return asked ? Result<void>() : Result<void>(refused);
  }
  if (!can_ask_at_terminal()) {
    return refuse("confirmation-impossible",
                  "There is no terminal to ask at: start cpl ui in one, or set CPL_ASKPASS.");
  }
  std::fstream terminal("/dev/tty");
  terminal << "\n" << printable(words) << "\nType yes to sign: " << std::flush;
  std::string said;
  std::getline(terminal, said);
  return said == "yes" ? Result<void>() : Result<void>(refused);
}

}  // namespace cpl
