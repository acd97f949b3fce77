#include "registry/audit/summary.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t list_max = 100'000'000;
constexpr std::size_t name_max = 1000;

Json time_json(const std::optional<UnixMillis>& time) { return time ? Json(time->value) : Json(); }

std::optional<UnixMillis> optional_time(FieldReader& reader, std::string_view name) {
  const auto value = reader.optional_integer(name, 0, json_integer_max);
  return value ? std::optional(UnixMillis{*value}) : std::nullopt;
}

void put_time(Json& json, const char* name, const std::optional<UnixMillis>& time) {
  if (time) json[name] = time->value;
}

std::map<std::string, std::uint64_t> read_counts(FieldReader& reader, std::string_view name) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& [word, count] : reader.object(name).items()) {
    if (count.is_number_unsigned()) {
      counts.emplace(word, count.get<std::uint64_t>());
    } else {
      reader.fail(name, "holds something that is not a count");
    }
  }
  return counts;
}

void read_makers(FieldReader& reader, AuditLedger& ledger) {
  for (const auto& [id, name] : reader.object("makers").items()) {
    if (name.is_string() && name.get_ref<const std::string&>().size() <= name_max) {
      ledger.makers.emplace(id, name.get<std::string>());
    } else {
      reader.fail("makers", "holds something that is not a name");
    }
  }
}

// Each an array: the notice's entry, and a time or null for each state.
void read_notice_times(FieldReader& reader, AuditLedger& ledger) {
  constexpr std::size_t size = 1 + notice_state_words.size();
  for (const Json& item : reader.array("notice_times", 0, list_max)) {
    const bool whole = item.is_array() && item.size() == size && item[0].is_number_unsigned() &&
                       std::all_of(item.begin() + 1, item.end(), [](const Json& time) {
                         return time.is_null() || time.is_number_unsigned();
                       });
    if (!whole) {
      reader.fail("notice_times", "holds something that is not the times of a notice");
      continue;
    }
    NoticeTimes& times = ledger.notice_times[EntryIndex{item[0].get<std::uint64_t>()}];
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (!item[i + 1].is_null()) times[i] = UnixMillis{item[i + 1].get<std::uint64_t>()};
    }
  }
}

void read_extracts(FieldReader& extracts, AuditLedger& ledger) {
  for (const Json& item : extracts.array("compared", 0, list_max)) {
    const auto hash = item.is_array() && item.size() == 2 && item[0].is_string()
                          ? hash_from_hex(item[0].get_ref<const std::string&>())
                          : std::nullopt;
    if (hash && item[1].is_number_unsigned()) {
      ledger.extracts.compared.push_back({*hash, UnixMillis{item[1].get<std::uint64_t>()}});
    } else {
      extracts.fail("compared", "holds something that is no extract");
    }
  }
  ledger.extracts.uncovered_since = optional_time(extracts, "uncovered_since");
  extracts.done();
}

}  // namespace

Bytes format_audit_summary(const AuditLedger& ledger) {
  const AuditTotals& totals = ledger.totals;
  Json json = {{"entries_by_type", totals.entries_by_type},
               {"signatures_by_role", totals.signatures_by_role},
               {"state_roots", totals.state_roots},
               {"full_tiles", totals.full_tiles},
               {"makers", ledger.makers},
               {"notice_times", Json::array()},
               {"extracts", {{"compared", Json::array()}}}};
  put_time(json, "first_time", totals.first_time);
  put_time(json, "last_time", totals.last_time);
  for (const auto& [notice, times] : ledger.notice_times) {
    Json item = Json::array({notice.value});
    for (const auto& time : times) item.push_back(time_json(time));
    json["notice_times"].push_back(std::move(item));
  }
  for (const auto& [hash, signed_at] : ledger.extracts.compared) {
    json["extracts"]["compared"].push_back({to_hex(hash), signed_at.value});
  }
  put_time(json["extracts"], "uncovered_since", ledger.extracts.uncovered_since);
  return canonical_json(json);
}

Result<void> read_audit_summary(BytesView text, AuditLedger& ledger) {
  const Json json = TRY(parse_json(text));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  AuditTotals& totals = ledger.totals;
  totals.entries_by_type = read_counts(reader, "entries_by_type");
  totals.signatures_by_role = read_counts(reader, "signatures_by_role");
  totals.state_roots = reader.integer("state_roots", 0, json_integer_max);
  totals.full_tiles = reader.integer("full_tiles", 0, json_integer_max);
  totals.first_time = optional_time(reader, "first_time");
  totals.last_time = optional_time(reader, "last_time");
  read_makers(reader, ledger);
  read_notice_times(reader, ledger);
  FieldReader extracts(reader.object("extracts"), "#/extracts", errors);
  read_extracts(extracts, ledger);
  reader.done();
  if (!errors.empty()) return corrupt(describe(errors));
  return {};
}

}  // namespace cpl
