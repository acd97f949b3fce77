#include "registry/statement/statement_json.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/statement/handling.hpp"
#include "registry/statement/statement_json_fields.hpp"

namespace cpl {
namespace {

using namespace fields;

constexpr std::size_t decisions_max = 1000;
constexpr std::uint64_t place_max = 9999;

DecisionPlace read_place(FieldReader& reader) {
  return {reader.integer("item", 1, place_max), reader.integer("ordinal", 1, place_max)};
}

MinutesDecision read_minutes_decision(const Json& value, const std::string& pointer,
                                      FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  MinutesDecision decision{read_place(reader), reader.text("verb", ref_max),
                           read_text(reader, "text", sentence_max, errors)};
  // Of a sealed text there is none: a short text could be guessed from its hash.
  if (!decision.text.seal && reader.hash("text_sha256") != sha256(decision.text.words)) {
    reader.fail("text_sha256", "is not the SHA-256 of the text");
  }
  reader.done();
  return decision;
}

MinutesAction read_minutes_action(const Json& value, const std::string& pointer,
                                  FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  MinutesAction action{reader.text("ref", ref_max), reader.text("owner", ref_max),
                       read_text(reader, "text", sentence_max, errors),
                       reader.optional_date("due")};
  reader.done();
  return action;
}

MinutesOutstanding read_outstanding(const Json& value, const std::string& pointer,
                                    FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  MinutesOutstanding outstanding{reader.text("ref", ref_max), reader.word<ActionState>("state")};
  if (outstanding.state == ActionState::open) outstanding.due = reader.optional_date("due");
  outstanding.text = read_optional_text(reader, "text", sentence_max, errors);
  reader.done();
  return outstanding;
}

// Left out where there are none.
void read_all_outstanding(FieldReader& reader, Minutes& minutes, FieldErrors& errors) {
  if (!reader.has("outstanding")) return;
  std::size_t position = 0;
  for (const Json& item : reader.array("outstanding", 1, decisions_max)) {
    minutes.outstanding.push_back(read_outstanding(
        item, reader.pointer_to("outstanding/") + std::to_string(position++), errors));
  }
}

Minutes read_minutes_body(FieldReader& reader, FieldErrors& errors) {
  constexpr std::array<std::string_view, 2> status_words = {"draft", "final"};
  Minutes minutes{
      {plain_name_of(reader, "body", body_max), plain_name_of(reader, "meeting", ref_max)},
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
  read_all_outstanding(reader, minutes, errors);
  return minutes;
}

void read_reference(const Json& value, const std::string& pointer, Decision& decision,
                    FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  decision.body = plain_name_of(reader, "body", body_max);
  decision.date = date_of(reader, "date");
  if (reader.has("ex_committee")) {
    decision.ex_committee = plain_name_of(reader, "ex_committee", ref_max);
  } else {
    decision.meeting = MeetingRef{decision.body, plain_name_of(reader, "meeting", ref_max)};
    decision.place = read_place(reader);
  }
  reader.done();
}

Decision read_decision(FieldReader& reader, FieldErrors& errors) {
  Decision decision{{}, *Date::parse("1970-01-01"), {}, {}, {}, {}, {}, {}, {}};
  read_reference(reader.object("reference"), reader.pointer_to("reference"), decision, errors);
  decision.verb = reader.word<Verb>("verb");
  decision.text = read_text(reader, "text", sentence_max, errors);
  for (const Json& item : reader.array("authorises", 0, act_words.size())) {
    FieldReader authorisation(item, reader.pointer_to("authorises"), errors);
    const auto act = authorisation.word<Act>("act");
    decision.authorises.push_back({act, read_models(authorisation)});
    authorisation.done();
  }
  decision.handling = read_optional_text(reader, "handling", sentence_max, errors);
  if (decision.handling && !decision.handling->seal && !Handling::parse(decision.handling->words)) {
    reader.fail("handling", "must be a class, and readers with times (FORMAT.md)");
  }
  decision.successors = read_optional_models(reader, "successors");
  decision.without_successor = read_optional_models(reader, "without_successor");
  return decision;
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
    Json item = {{"item", decision.place.item},
                 {"ordinal", decision.place.ordinal},
                 {"verb", decision.verb},
                 {"text", to_json(decision.text)}};
    if (!decision.text.seal) item["text_sha256"] = to_hex(sha256(decision.text.words));
    json["decisions"].push_back(std::move(item));
  }
  for (const MinutesAction& action : minutes.actions) {
    json["actions"].push_back(
        {{"ref", action.ref}, {"owner", action.owner}, {"text", to_json(action.text)}});
    if (action.due) json["actions"].back()["due"] = action.due->text();
  }
  for (const MinutesOutstanding& outstanding : minutes.outstanding) {
    Json item = {{"ref", outstanding.ref}, {"state", word_of(outstanding.state)}};
    if (outstanding.due) item["due"] = outstanding.due->text();
    if (outstanding.text) item["text"] = to_json(*outstanding.text);
    json["outstanding"].push_back(std::move(item));
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
               {"text", to_json(decision.text)},
               {"authorises", Json::array()}};
  for (const Authorisation& authorisation : decision.authorises) {
    json["authorises"].push_back(
        {{"act", word_of(authorisation.act)}, {"models", models_json(authorisation.models)}});
  }
  if (decision.handling) json["handling"] = to_json(*decision.handling);
  if (!decision.successors.empty()) json["successors"] = models_json(decision.successors);
  if (!decision.without_successor.empty()) {
    json["without_successor"] = models_json(decision.without_successor);
  }
  return json;
}

}  // namespace

std::optional<StatementBody> read_statement_body(std::string_view type, FieldReader& reader,
                                                 FieldErrors& errors) {
  if (type == "charter") return read_charter(reader, errors);
  if (type == "minutes") return read_minutes_body(reader, errors);
  if (type == "decision") return read_decision(reader, errors);
  auto of_models = read_list_statement(type, reader, errors);
  return of_models ? std::move(of_models) : read_work_statement(type, reader, errors);
}

Json to_json(const StatementBody& body) {
  return std::visit([](const auto& typed) { return body_json(typed); }, body);
}

}  // namespace cpl
