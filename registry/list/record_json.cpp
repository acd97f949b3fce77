#include "registry/list/record_json.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/base/json_text.hpp"
#include "registry/list/state_record.hpp"
#include "registry/statement/statement_json.hpp"

namespace cpl {
namespace {

constexpr std::size_t list_max = 1'000'000;
constexpr std::size_t text_max = 8000;

Json indices_json(const std::vector<EntryIndex>& indices) {
  Json list = Json::array();
  for (const EntryIndex index : indices) list.push_back(index.value);
  return list;
}

std::vector<EntryIndex> read_indices(FieldReader& reader, std::string_view name) {
  std::vector<EntryIndex> indices;
  for (const Json& item : reader.array(name, 0, list_max)) {
    if (item.is_number_unsigned()) {
      indices.push_back(EntryIndex{item.get<std::uint64_t>()});
    } else {
      reader.fail(name, "holds something that is not the number of an entry");
    }
  }
  return indices;
}

std::optional<EntryIndex> optional_index(FieldReader& reader, std::string_view name) {
  const auto value = reader.optional_integer(name, 0, json_integer_max);
  if (!value) return std::nullopt;
  return EntryIndex{*value};
}

EntryIndex index_of(FieldReader& reader, std::string_view name) {
  return EntryIndex{reader.integer(name, 0, json_integer_max)};
}

void put_index(Json& json, const char* name, const std::optional<EntryIndex>& index) {
  if (index) json[name] = index->value;
}

// A statement's body as it stands in a statement of its type.
template <class Body>
Body read_body(FieldReader& reader, std::string_view name, std::string_view type,
               FieldErrors& errors) {
  FieldReader inner(reader.object(name), reader.pointer_to(name), errors);
  auto body = read_statement_body(type, inner, errors);
  inner.done();
  return std::get<Body>(*std::move(body));
}

// A text that a disclosure opened; in the statement itself it stays sealed.
void put_disclosed(Json& json, const Text& text) {
  if (text.seal && text.is_known()) json["disclosed"] = text.words;
}
void read_disclosed(FieldReader& reader, Text& text) {
  if (reader.has("disclosed")) text.words = reader.text("disclosed", text_max, "\n");
}

template <class Record, class Read>
Result<Record> decode(BytesView value, Read read) {
  auto json = parse_json(value);
  if (!json) return corrupt("a stored record is " + json.error().detail);
  FieldErrors errors;
  FieldReader reader(*json, "#", errors);
  Record record = read(reader, errors);
  reader.done();
  if (!errors.empty()) return corrupt("a stored record is wrong: " + describe(errors));
  return record;
}

}  // namespace

Bytes encode(const CharterRecord& record) {
  return canonical_json(
      {{"entry", record.entry.value}, {"charter", to_json(StatementBody(record.charter))}});
}

Result<std::shared_ptr<const CharterRecord>> decode_charter(BytesView value) {
  auto record = TRY(decode<CharterRecord>(value, [](FieldReader& reader, FieldErrors& errors) {
    return CharterRecord{read_body<Charter>(reader, "charter", "charter", errors),
                         index_of(reader, "entry")};
  }));
  return std::make_shared<const CharterRecord>(std::move(record));
}

Bytes encode(const ModelRecord& record) {
  Bytes out;
  {
    JsonText json(out);
    json.put("added", record.added.value);
    json.put("changed_at", record.changed_at.value);
    if (record.changed_before) json.put("changed_before", record.changed_before->value);
    if (record.decision) json.put("decision", record.decision->value);
    json.put("effective_from", format_time(record.effective_from));
    if (!record.lapsed.empty()) json.begin("lapsed") += canonical_json(to_json(record.lapsed));
    append_json(json.begin("model"), record.model);
    if (record.notice) json.put("notice", record.notice->value);
    json.put("status", word_of(record.status));
    if (record.status_word) json.put("status_word", *record.status_word);
  }
  return out;
}

Result<ModelRecord> decode_model(BytesView value) {
  return decode<ModelRecord>(value, [](FieldReader& reader, FieldErrors& errors) {
    ModelRecord record;
    record.model = read_device_model(reader.object("model"), "#/model", errors);
    record.status = reader.word<ModelStatus>("status");
    record.added = index_of(reader, "added");
    record.changed_at = index_of(reader, "changed_at");
    record.changed_before = optional_index(reader, "changed_before");
    record.effective_from = reader.time("effective_from");
    record.decision = optional_index(reader, "decision");
    record.notice = optional_index(reader, "notice");
    record.status_word = reader.optional_text("status_word", 32);
    if (reader.has("lapsed"))
      record.lapsed = read_lapsed(reader.object("lapsed"), "#/lapsed", errors);
    return record;
  });
}

Bytes encode(const DecisionRecord& record) {
  Json json = {{"entry", record.entry.value},
               {"decision", to_json(StatementBody(record.decision))},
               {"standing", to_string(record.standing)}};
  put_index(json, "final_minutes", record.final_minutes);
  put_disclosed(json, record.decision.text);
  return canonical_json(json);
}

Result<DecisionRecord> decode_decision(BytesView value) {
  return decode<DecisionRecord>(value, [](FieldReader& reader, FieldErrors& errors) {
    DecisionRecord record{
        index_of(reader, "entry"), read_body<Decision>(reader, "decision", "decision", errors),
        reader.word<DecisionStanding>("standing"), optional_index(reader, "final_minutes")};
    read_disclosed(reader, record.decision.text);
    return record;
  });
}

Bytes encode(const MeetingRecord& record) {
  Json json = {{"body", record.meeting.body},
               {"meeting", record.meeting.meeting},
               {"drafts", indices_json(record.drafts)},
               {"decisions", indices_json(record.decisions)},
               {"minuted", Json::array()}};
  put_index(json, "final_minutes", record.final_minutes);
  for (const MinutesDecision& decision : record.minuted) {
    Json item = {{"item", decision.place.item},
                 {"ordinal", decision.place.ordinal},
                 {"verb", decision.verb},
                 {"text", to_json(decision.text)}};
    put_disclosed(item, decision.text);
    json["minuted"].push_back(std::move(item));
  }
  return canonical_json(json);
}

Result<MeetingRecord> decode_meeting(BytesView value) {
  return decode<MeetingRecord>(value, [](FieldReader& reader, FieldErrors& errors) {
    MeetingRecord record;
    record.meeting = {reader.text("body", 100), reader.text("meeting", 100)};
    record.drafts = read_indices(reader, "drafts");
    record.decisions = read_indices(reader, "decisions");
    record.final_minutes = optional_index(reader, "final_minutes");
    for (const Json& item : reader.array("minuted", 0, list_max)) {
      FieldReader decision(item, "#/minuted", errors);
      record.minuted.push_back({{decision.integer("item", 0, json_integer_max),
                                 decision.integer("ordinal", 0, json_integer_max)},
                                decision.text("verb", 100),
                                read_text(decision, "text", text_max, errors)});
      read_disclosed(decision, record.minuted.back().text);
      decision.done();
    }
    return record;
  });
}

Bytes encode(const SealRecord& record) {
  Json json = {{"entry", record.entry.value}, {"seals", Json::object()}};
  if (record.meeting) {
    json["meeting"] = {{"body", record.meeting->body}, {"meeting", record.meeting->meeting}};
  }
  for (const auto& [field, seal] : record.seals) {
    Json& item = json["seals"][field] = {{"seal", to_hex(seal.seal)}};
    if (seal.disclosed_by) item["disclosed_by"] = seal.disclosed_by->value;
  }
  return canonical_json(json);
}

Result<SealRecord> decode_seals(BytesView value) {
  return decode<SealRecord>(value, [](FieldReader& reader, FieldErrors& errors) {
    SealRecord record{index_of(reader, "entry"), {}, {}};
    if (reader.has("meeting")) {
      FieldReader meeting(reader.object("meeting"), "#/meeting", errors);
      record.meeting = MeetingRef{meeting.text("body", 100), meeting.text("meeting", 100)};
      meeting.done();
    }
    for (const auto& [field, item] : reader.object("seals").items()) {
      FieldReader seal(item, "#/seals", errors);
      record.seals.emplace(
          field, SealRecord::Seal{seal.hash("seal"), optional_index(seal, "disclosed_by")});
      seal.done();
    }
    return record;
  });
}

Bytes encode(const NoticeRecord& record) {
  Json json = {{"entry", record.entry.value},
               {"issued", record.issued.value},
               {"notice", to_json(StatementBody(record.notice))},
               {"state", to_string(record.state)},
               {"receipts", indices_json(record.receipts)},
               {"removals", Json::object()}};
  for (const auto& [id, entry] : record.removals) json["removals"][id.text()] = entry.value;
  if (record.validated) json["validated"] = record.validated->value;
  return canonical_json(json);
}

Result<NoticeRecord> decode_notice(BytesView value) {
  return decode<NoticeRecord>(value, [](FieldReader& reader, FieldErrors& errors) {
    NoticeRecord record;
    record.entry = index_of(reader, "entry");
    record.issued = UnixMillis{reader.integer("issued", 0, json_integer_max)};
    record.notice = read_body<Notice>(reader, "notice", "notice", errors);
    record.state = reader.word<NoticeState>("state");
    record.receipts = read_indices(reader, "receipts");
    if (reader.has("validated")) {
      record.validated = UnixMillis{reader.integer("validated", 0, json_integer_max)};
    }
    for (const auto& [text, entry] : reader.object("removals").items()) {
      auto id = ModelId::parse(text);
      if (id && entry.is_number_unsigned()) {
        record.removals.insert_or_assign(*id, EntryIndex{entry.get<std::uint64_t>()});
      } else {
        reader.fail("removals", "holds something that is not a model or the number of an entry");
      }
    }
    return record;
  });
}

}  // namespace cpl
