#include "registry/statement_json.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr std::size_t ref_max = 100;
constexpr std::size_t sentence_max = 8000;
constexpr std::size_t decisions_max = 1000;
constexpr std::size_t models_max = 1000;
constexpr std::uint64_t place_max = 9999;

// Dates and ids that were malformed have been noted; what stands in for them is never used.
Date date_of(FieldReader& reader, std::string_view name) {
  return reader.date(name).value_or(*Date::parse("1970-01-01"));
}
ModelId model_of(FieldReader& reader, std::string_view name) {
  auto id = ModelId::parse(reader.text(name, ref_max));
  if (id) return *std::move(id);
  reader.fail(name, id.error().detail);
  return *ModelId::parse("ESME-0000-00000000-00000000");
}
EntryIndex index_of(FieldReader& reader, std::string_view name) {
  return EntryIndex{reader.integer(name, 0, json_integer_max)};
}

std::vector<ModelId> read_models(FieldReader& reader) {
  std::vector<ModelId> models;
  for (const Json& item : reader.array("models", 1, models_max)) {
    auto id = ModelId::parse(item.is_string() ? item.get<std::string>() : item.dump());
    if (!id) {
      reader.fail("models", id.error().detail);
    } else if (std::find(models.begin(), models.end(), *id) != models.end()) {
      reader.fail("models", id->text() + " stands twice");
    } else {
      models.push_back(*std::move(id));
    }
  }
  return models;
}

DecisionPlace read_place(FieldReader& reader) {
  return {reader.integer("item", 1, place_max), reader.integer("ordinal", 1, place_max)};
}

MinutesDecision read_minutes_decision(const Json& value, const std::string& pointer,
                                      FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  MinutesDecision decision{read_place(reader), reader.text("verb", ref_max),
                           reader.text("text", sentence_max, "\n")};
  if (reader.hash("text_sha256") != sha256(decision.text)) {
    reader.fail("text_sha256", "is not the SHA-256 of the text");
  }
  reader.done();
  return decision;
}

MinutesAction read_minutes_action(const Json& value, const std::string& pointer,
                                  FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  MinutesAction action{reader.text("ref", ref_max), reader.text("owner", ref_max),
                       reader.text("text", sentence_max, "\n")};
  reader.done();
  return action;
}

Minutes read_minutes_body(FieldReader& reader, FieldErrors& errors) {
  constexpr std::array<std::string_view, 2> status_words = {"draft", "final"};
  Minutes minutes{
      {reader.text("body", ref_max), reader.text("meeting", ref_max)},
      date_of(reader, "date"),
      reader.text("title", ref_max * 2),
      reader.word("status", status_words) == 1,
      {},
      0,
      {},
      std::string(classification_words[reader.word("classification", classification_words)]),
      {},
      {}};
  FieldReader document(reader.object("document"), reader.pointer_to("document"), errors);
  minutes.document_sha256 = document.hash("sha256");
  minutes.document_size = document.integer("size", 1, json_integer_max);
  minutes.media_type = document.text("media_type", ref_max);
  document.done();
  std::size_t position = 0;
  std::optional<DecisionPlace> last;
  for (const Json& item : reader.array("decisions", 0, decisions_max)) {
    minutes.decisions.push_back(read_minutes_decision(
        item, reader.pointer_to("decisions/") + std::to_string(position++), errors));
    if (last && !(*last < minutes.decisions.back().place)) {
      reader.fail("decisions", "must rise by item and ordinal");
    }
    last = minutes.decisions.back().place;
  }
  position = 0;
  for (const Json& item : reader.array("actions", 0, decisions_max)) {
    minutes.actions.push_back(read_minutes_action(
        item, reader.pointer_to("actions/") + std::to_string(position++), errors));
  }
  return minutes;
}

void read_reference(const Json& value, const std::string& pointer, Decision& decision,
                    FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  decision.body = reader.text("body", ref_max);
  decision.date = date_of(reader, "date");
  if (reader.has("ex_committee")) {
    decision.ex_committee = reader.text("ex_committee", ref_max);
  } else {
    decision.meeting = MeetingRef{decision.body, reader.text("meeting", ref_max)};
    decision.place = read_place(reader);
  }
  reader.done();
}

Decision read_decision(FieldReader& reader, FieldErrors& errors) {
  Decision decision{{}, *Date::parse("1970-01-01"), {}, {}, {}, {}, {}, {}};
  read_reference(reader.object("reference"), reader.pointer_to("reference"), decision, errors);
  decision.verb = static_cast<Verb>(reader.word("verb", verb_words));
  decision.text = reader.text("text", sentence_max, "\n");
  for (const Json& item : reader.array("authorises", 0, act_words.size())) {
    FieldReader authorisation(item, reader.pointer_to("authorises"), errors);
    const auto act = static_cast<Act>(authorisation.word("act", act_words));
    decision.authorises.push_back({act, read_models(authorisation)});
    authorisation.done();
  }
  return decision;
}

Addition read_addition(FieldReader& reader, FieldErrors& errors) {
  const UnixMillis effective_from = reader.time("effective_from");
  return {read_device_model(reader.object("model"), reader.pointer_to("model"), errors),
          effective_from};
}

RemovalBasis read_basis(FieldReader& reader) {
  return static_cast<RemovalBasis>(reader.word("basis", removal_basis_words));
}

Notice read_notice(FieldReader& reader) {
  return {read_models(reader), index_of(reader, "decision"), read_basis(reader),
          reader.time("effective_from")};
}

Receipt read_receipt(FieldReader& reader) {
  Receipt receipt;
  receipt.notice = index_of(reader, "notice");
  receipt.status = static_cast<ReceiptStatus>(reader.word("status", receipt_status_words));
  if (receipt.status == ReceiptStatus::rejected) {
    receipt.reject_code = std::string(reject_code_words[reader.word("code", reject_code_words)]);
    receipt.reject_text = reader.text("text", 2000, "\n");
  }
  if (receipt.status == ReceiptStatus::applied) receipt.applied_at = reader.time("applied_at");
  return receipt;
}

Removal read_removal(FieldReader& reader) {
  return {model_of(reader, "model"), index_of(reader, "notice"), read_basis(reader),
          reader.time("effective_from"),
          std::string(removed_status_words[reader.word("status", removed_status_words)])};
}

Json models_json(const std::vector<ModelId>& models) {
  Json list = Json::array();
  for (const ModelId& id : models) list.push_back(id.text());
  return list;
}

Json body_json(const Charter& charter) {
  Json json;
  put_charter(json, charter);
  return json;
}

Json body_json(const Minutes& minutes) {
  Json json = {{"body", minutes.meeting.body},
               {"meeting", minutes.meeting.meeting},
               {"date", minutes.date.text()},
               {"title", minutes.title},
               {"status", minutes.is_final ? "final" : "draft"},
               {"classification", minutes.classification},
               {"document",
                {{"sha256", to_hex(minutes.document_sha256)},
                 {"size", minutes.document_size},
                 {"media_type", minutes.media_type}}},
               {"decisions", Json::array()},
               {"actions", Json::array()}};
  for (const MinutesDecision& decision : minutes.decisions) {
    json["decisions"].push_back({{"item", decision.place.item},
                                 {"ordinal", decision.place.ordinal},
                                 {"verb", decision.verb},
                                 {"text", decision.text},
                                 {"text_sha256", to_hex(sha256(decision.text))}});
  }
  for (const MinutesAction& action : minutes.actions) {
    json["actions"].push_back(
        {{"ref", action.ref}, {"owner", action.owner}, {"text", action.text}});
  }
  return json;
}

Json body_json(const Decision& decision) {
  Json reference = {{"body", decision.body}, {"date", decision.date.text()}};
  if (decision.meeting) {
    reference["meeting"] = decision.meeting->meeting;
    reference["item"] = decision.place.item;
    reference["ordinal"] = decision.place.ordinal;
  } else {
    reference["ex_committee"] = decision.ex_committee.value_or("");
  }
  Json json = {{"reference", reference},
               {"verb", to_string(decision.verb)},
               {"text", decision.text},
               {"authorises", Json::array()}};
  for (const Authorisation& authorisation : decision.authorises) {
    json["authorises"].push_back({{"act", act_words[static_cast<std::size_t>(authorisation.act)]},
                                  {"models", models_json(authorisation.models)}});
  }
  return json;
}

Json body_json(const Addition& addition) {
  return {{"model", to_json(addition.model)},
          {"effective_from", format_time(addition.effective_from)}};
}

Json body_json(const Notice& notice) {
  return {{"models", models_json(notice.models)},
          {"decision", notice.decision.value},
          {"basis", to_string(notice.basis)},
          {"effective_from", format_time(notice.effective_from)}};
}

Json body_json(const Receipt& receipt) {
  Json json = {{"notice", receipt.notice.value},
               {"status", receipt_status_words[static_cast<std::size_t>(receipt.status)]}};
  if (receipt.reject_code) json["code"] = *receipt.reject_code;
  if (receipt.reject_text) json["text"] = *receipt.reject_text;
  if (receipt.applied_at) json["applied_at"] = format_time(*receipt.applied_at);
  return json;
}

Json body_json(const Removal& removal) {
  return {{"model", removal.model.text()},
          {"notice", removal.notice.value},
          {"basis", to_string(removal.basis)},
          {"effective_from", format_time(removal.effective_from)},
          {"status", removal.status_word}};
}

}  // namespace

std::optional<StatementBody> read_statement_body(std::string_view type, FieldReader& reader,
                                                 FieldErrors& errors) {
  if (type == "charter") return read_charter(reader, errors);
  if (type == "minutes") return read_minutes_body(reader, errors);
  if (type == "decision") return read_decision(reader, errors);
  if (type == "addition") return read_addition(reader, errors);
  if (type == "notice") return read_notice(reader);
  if (type == "receipt") return read_receipt(reader);
  if (type == "removal") return read_removal(reader);
  return std::nullopt;
}

Json to_json(const StatementBody& body) {
  return std::visit([](const auto& typed) { return body_json(typed); }, body);
}

}  // namespace cpl
