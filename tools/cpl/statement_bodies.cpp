#include "tools/cpl/statement_bodies.hpp"

#include "tools/cpl/choice.hpp"
#include "tools/cpl/told.hpp"

namespace cpl {

Result<Notice> notice_of(const PrepareOptions& options, Sealer& sealer) {
  Notice notice;
  for (const std::string& id : options.models) notice.models.push_back(TRY(ModelId::parse(id)));
  notice.decision = EntryIndex{options.decision.value_or(0)};
  notice.basis = chosen<RemovalBasis>(options.basis);
  notice.effective_from = TRY(stated_time(options.effective_from));
  notice.reason = TRY(reason_of(options, sealer));
  return notice;
}

Result<Removal> removal_of(const PrepareOptions& options, Sealer& sealer) {
  const ModelId model = TRY(one_model(options));
  auto reason = TRY(reason_of(options, sealer));
  const StatedTime effective_from = TRY(stated_time(options.effective_from));
  return Removal{model,
                 EntryIndex{options.notice},
                 chosen<RemovalBasis>(options.basis),
                 effective_from,
                 options.status,
                 std::move(reason)};
}

Result<Reinstatement> reinstatement_of(const PrepareOptions& options, Sealer& sealer) {
  const ModelId model = TRY(one_model(options));
  const StatedTime effective_from = TRY(stated_time(options.effective_from));
  auto reason = TRY(reason_of(options, sealer));
  return Reinstatement{model, EntryIndex{options.decision.value_or(0)}, effective_from,
                       std::move(reason)};
}

Result<std::vector<std::string>> models_to_remove(const HttpClient& client, std::uint64_t entry) {
  const Json notice = TRY(client.get_json("/v1/notices/" + std::to_string(entry)));
  TRY_VOID(check_told(notice, "entry", entry));
  const Json removals = notice.value("removals", Json::object());
  std::vector<std::string> models;
  for (const Json& model : notice.value("models", Json::array())) {
    if (!model.is_string() || removals.contains(model.get<std::string>())) continue;
    models.push_back(model.get<std::string>());
  }
  if (!models.empty()) return models;
  return refuse("nothing-to-remove",
                "notice " + std::to_string(entry) + " has no model that is still to be removed");
}

}  // namespace cpl
