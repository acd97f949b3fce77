#include "registry/shelf/kept_opening.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/base/checked_json.hpp"
#include "registry/base/durable_file.hpp"
#include "registry/statement/statement.hpp"

namespace cpl {
namespace {

constexpr std::size_t text_max = 8000;

// A file from before openings were classified counts as the strictest class: whoever kept it may
// say otherwise by keeping it again.
std::string read_classification(FieldReader& reader) {
  if (!reader.has("classification")) return std::string(classification_words.back());
  return std::string(classification_words[reader.word("classification", classification_words)]);
}

}  // namespace

std::optional<UnixMillis> KeptOpening::readable_since(const std::vector<std::string>& names,
                                                      UnixMillis now) const {
  std::optional<UnixMillis> since;
  for (const OpeningReader& reader : readers) {
    const bool fits = std::find(names.begin(), names.end(), reader.who) != names.end();
    if (fits && reader.from <= now && (!since || reader.from < *since)) since = reader.from;
  }
  return since;
}

Bytes format_opening_file(const KeptOpening& kept) {
  Json json = {{"entry", kept.entry.value},
               {"field", kept.opening.field},
               {"salt", to_base64(kept.opening.salt)},
               {"value", kept.opening.words},
               {"classification", kept.classification},
               {"readers", Json::array()}};
  for (const OpeningReader& reader : kept.readers) {
    json["readers"].push_back({{"who", reader.who}, {"from", reader.from.value}});
  }
  return format_checked_json(std::move(json));
}

Result<KeptOpening> parse_opening_file(BytesView text) {
  const Json json = TRY(parse_checked_json(text));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  KeptOpening kept;
  kept.entry = EntryIndex{reader.integer("entry", 0, json_integer_max)};
  kept.opening = {reader.text("field", 100), from_base64(reader.text("salt", 64)).value_or(Bytes()),
                  reader.text("value", text_max, "\n")};
  kept.classification = read_classification(reader);
  for (const Json& item : reader.array("readers", 0, opening_readers_max)) {
    FieldReader one(item, "#/readers", errors);
    std::string who = one.text("who", 64);
    kept.readers.push_back({std::move(who), UnixMillis{one.integer("from", 0, json_integer_max)}});
    one.done();
  }
  reader.done();
  if (!errors.empty()) return corrupt(describe(errors));
  return kept;
}

Result<std::optional<KeptOpening>> read_opening_file(const std::filesystem::path& file) {
  const auto wrong = [&](const std::string& what) { return corrupt(file.string() + ": " + what); };
  const auto text = read_if_there(file, opening_file_size_max);
  if (!text) return wrong(text.error().detail);
  if (!*text || (*text)->find_first_not_of('\0') == Bytes::npos)
    return std::optional<KeptOpening>();
  auto kept = parse_opening_file(**text);
  if (!kept) return wrong(kept.error().detail);
  if (file.filename() != opening_file_name(kept->entry, kept->opening.field)) {
    return wrong("its name says that it opens another text");
  }
  return std::optional(*std::move(kept));
}

std::string opening_file_name(EntryIndex entry, const std::string& field) {
  return std::to_string(entry.value) + "-" + to_hex(sha256(field).view().substr(0, 16)) +
         std::string(opening_file_ending);
}

Result<void> check_opening_fits(const List& list, const KeptOpening& kept) {
  const std::string& field = kept.opening.field;
  if (kept.readers.size() > opening_readers_max) {
    return malformed("opening-readers", "an opening is kept for at most " +
                                            std::to_string(opening_readers_max) + " readers");
  }
  const auto of_entry = TRY(list.seals(kept.entry));
  if (!of_entry || !of_entry->seals.contains(field)) {
    return Error{Errc::not_found, "seal-not-found",
                 "entry " + std::to_string(kept.entry.value) + " has no seal at \"" + field + "\""};
  }
  if (equal_in_constant_time(kept.opening.seal().view(), of_entry->seals.at(field).seal.view())) {
    return {};
  }
  return refuse("opening-does-not-fit", "this salt and text do not open the seal at \"" + field +
                                            "\" of entry " + std::to_string(kept.entry.value));
}

}  // namespace cpl
