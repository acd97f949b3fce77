// On whose word a model stands as it does: each entry of its chain of authority, from one view.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/reads.hpp"
#include "api/routes/views.hpp"
#include "registry/query/model_chain.hpp"

namespace cpl {
namespace {

constexpr std::size_t links_max = 200;

// What tells one link from others of its step.
void put_particulars(Json& json, const ChainLink& link) {
  const StatementBody& body = link.read.statement.body;
  if (link.standing) json["standing"] = to_string(*link.standing);
  if (const auto* decision = std::get_if<Decision>(&body)) json["text"] = to_json(decision->text);
  if (const auto* minutes = std::get_if<Minutes>(&body)) {
    json["meeting"] = minutes->meeting.meeting;
    json["status"] = minutes->is_final ? "final" : "draft";
  }
  if (const auto* receipt = std::get_if<Receipt>(&body)) {
    json["status"] = word_of(receipt->status);
  }
}

Json link_json(const ChainLink& link) {
  const EntrySigners& signers = link.signers;
  Json json = {{"step", word_of(link.step)},
               {"entry", link.index.value},
               {"time", format_time_millis(link.read.entry.time)},
               {"signed_by", signers.names},
               {"role", to_string(signers.role)},
               {"needed", signers.needed},
               {"of", signers.of},
               {"charter", signers.charter.value},
               {"summary", summary_of(link.read.statement)}};
  put_particulars(json, link);
  return json;
}

}  // namespace

Result<HttpResponse> get_model_chain(const Call& call) {
  const ModelRecord record = TRY(record_of(call));
  const ModelId id = record.model.id();
  Json links = Json::array();
  for (const ChainLink& link : TRY(model_chain(call.log, id, links_max))) {
    links.push_back(link_json(link));
  }
  call.keep = Call::Keep::at_size;
  return json_response(200, {{"id", id.text()},
                             {"status", word_of(record.status)},
                             {"log_size", call.log.size().value},
                             {"links", std::move(links)}});
}

}  // namespace cpl
