// What only the operator may ask for.
#include <nlohmann/json.hpp>

#include "api/http/bearer.hpp"
#include "api/routes/api.hpp"
#include "crypto/hash.hpp"

namespace cpl {

Result<void> Api::authenticate_operator(const HttpRequest& request) const {
  const auto token = bearer_token_hash(request);
  const bool is_operator =
      token && options_.operator_token_sha256 &&
      equal_in_constant_time(token->view(), options_.operator_token_sha256->view());
  if (!is_operator) return credentials_missing("of the operator");
  return {};
}

// Below /v1/operator: a path that is described, with a method that it takes.
HttpResponse Api::act_as_operator(const HttpRequest& request) {
  const std::string& what = request.segments[2];
  if (what == "openings") return openings(request);
  if (what == "parties") return parties(request);
  if (what == "reports") return reports(request);
  auto done = what == "journal" ? get_journal(request) : post_backup(request);
  return for_them_alone(done ? *std::move(done) : problem(done.error()));
}

Result<HttpResponse> Api::post_backup(const HttpRequest& request) const {
  TRY_VOID(authenticate_operator(request));
  // A copy of what is damaged would be taken for a backup.
  if (const auto refused = log_.refusal(); refused && refused->code == "store-damaged") {
    return *refused;
  }
  if (!options_.make_backup) {
    return Error{Errc::unavailable, "backup-not-configured",
                 "operator.backup_dir is not set in the service's configuration"};
  }
  const BackupMade made = TRY(options_.make_backup());
  return json_response(201, {{"folder", made.folder}, {"size", made.size.value}});
}

}  // namespace cpl
