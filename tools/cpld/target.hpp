// Where subscribers may have events sent: to hosts by the rules, by mail where mail is sent.
#pragma once

#include "notifier/send/target_rules.hpp"

namespace cpl {

Result<void> check_target(const std::string& url, const TargetRules& rules, bool mails);

}  // namespace cpl
