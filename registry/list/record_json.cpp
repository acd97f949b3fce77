#include "registry/list/record_json.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/base/json_text.hpp"
#include "registry/list/record_fields.hpp"
#include "registry/list/state_record.hpp"

namespace cpl {
namespace {

using namespace record_fields;

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
  if (!record.papers.empty()) json["papers"] = indices_json(record.papers);
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
    if (reader.has("papers")) record.papers = read_indices(reader, "papers");
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
    if (seal.opens) item["opens"] = seal.opens->text();
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
      record.seals.emplace(field,
                           SealRecord::Seal{seal.hash("seal"), optional_index(seal, "disclosed_by"),
                                            seal.optional_date("opens")});
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
  put_index(json, "withdrawn_by", record.withdrawn_by);
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
    record.withdrawn_by = optional_index(reader, "withdrawn_by");
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
