// The files that the configuration names, beside the log's keys: policies, calendars, certificates.
#pragma once

#include "api/server/server.hpp"
#include "registry/query/working_days.hpp"
#include "registry/tlog/trust_policy.hpp"
#include "tools/cpld/config.hpp"

namespace cpl {

// Where the service speaks TLS itself.
std::optional<ServerTls> server_tls(const Config& config);
// The witnesses, of a policy that names the log's key.
Result<TrustPolicy> read_cosigning_policy(const std::filesystem::path& file,
                                          const NoteVerifier& log_key);
// The Working Days that the desk's clocks count; those built in if no file is named.
Result<WorkingDays> desk_calendar(const DeskConfig& desk);

// Of those that are secret, and of the data, what other users of this machine can look into; as
// sentences.
std::vector<std::string> open_secrets(const Config& config);
// That no token is the example's, which everybody can read.
Result<void> check_placeholders(const Config& config);
// Whether all of them, the keys and the folders can be used. Says what it could not look at.
Result<void> check_files(const Config& config);

}  // namespace cpl
