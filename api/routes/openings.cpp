// Openings of sealed texts, for those who may read them now. Whoever may not is answered as if
// there were none.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/openings.hpp"
#include "crypto/encoding.hpp"
#include "registry/query/decision_handling.hpp"

namespace cpl {
namespace {

constexpr std::size_t openings_max = 100;

Error no_openings() {
  return Error{Errc::not_found, "openings-not-found",
               "there is no sealed text of this entry that you may read now"};
}

// {"who": "service_desk", "all_parties" or a Party's name, "from"?: a time}
OpeningReader read_reader(const Json& value, UnixMillis now, FieldErrors& errors) {
  FieldReader reader(value, "#/readers", errors);
  OpeningReader made{reader.text("who", 64), now};
  const bool known = made.who == readers_service_desk || made.who == readers_all_parties ||
                     is_party_name(made.who);
  if (!known) {
    reader.fail("who", "must be service_desk, all_parties or the name of a Party");
  }
  if (reader.has("from")) made.from = reader.time("from");
  reader.done();
  return made;
}

struct GivenOpenings {
  EntryIndex entry;
  std::vector<Opening> openings;
  std::optional<Handling> handling;  // None: as the decision says.
};

std::optional<Handling> read_handling(FieldReader& reader, UnixMillis now, FieldErrors& errors) {
  if (!reader.has("classification") && !reader.has("readers")) return std::nullopt;
  Handling handling{
      std::string(classification_words[reader.word("classification", classification_words)]), {}};
  for (const Json& item : reader.array("readers", 1, opening_readers_max)) {
    handling.readers.push_back(read_reader(item, now, errors));
  }
  return handling;
}

Result<GivenOpenings> read_given(const Bytes& body, UnixMillis now) {
  const Json json = TRY(parse_json(body));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  GivenOpenings given;
  given.entry = EntryIndex{reader.integer("entry", 0, json_integer_max)};
  const Json& seals = reader.object("seals");
  given.handling = read_handling(reader, now, errors);
  reader.done();
  if (!errors.empty()) {
    return invalid_fields("validation-failed", "the file of openings", errors);
  }
  given.openings = TRY(parse_openings(seals.dump()));
  if (given.openings.empty() || given.openings.size() > openings_max) {
    return malformed("validation-failed",
                     "there must be 1 to " + std::to_string(openings_max) + " openings to keep");
  }
  return given;
}

// The words of a decision's handling, where its seal is closed: from what is given now, or was kept
// before. That they fit the seal is seen when they are kept.
std::string opened_handling(const OpeningShelf& shelf, const GivenOpenings& given,
                            EntryIndex decision) {
  if (given.entry == decision) {
    for (const Opening& opening : given.openings) {
      if (opening.field == handling_field) return opening.words;
    }
  }
  for (const KeptOpening& kept : shelf.of_entry(decision)) {
    if (kept.opening.field == handling_field) return kept.opening.words;
  }
  return "";
}

// What the decision that the entry rests on says of its sealed texts; nothing where it does not.
Result<std::optional<Handling>> decided_handling(const OpeningShelf& shelf, const LogView& log,
                                                 const GivenOpenings& given) {
  const auto found = TRY(find_handling(log, given.entry));
  if (!found) return std::nullopt;
  std::string words = found->text.words;
  if (words.empty()) words = opened_handling(shelf, given, found->decision);
  if (words.empty()) {
    return refuse("handling-unknown",
                  "the decision, entry " + std::to_string(found->decision.value) +
                      ", says under seal how its texts are handled: keep its own .seals file "
                      "first");
  }
  return TRY(Handling::parse(words));
}

// As it is asked for, within what the decision allows; as the decision says, where nothing is.
Result<Handling> settle_handling(const GivenOpenings& given, const std::optional<Handling>& decided,
                                 UnixMillis now) {
  if (given.handling) {
    if (decided) {
      TRY_VOID(decided->check_allows(given.handling->classification, given.handling->readers));
    }
    return *given.handling;
  }
  if (!decided) {
    return malformed("validation-failed",
                     "classification and readers are needed: no decision names them");
  }
  Handling handling = *decided;
  for (OpeningReader& reader : handling.readers) {
    if (reader.from.value == 0) reader.from = now;
  }
  return handling;
}

Json readers_json(const std::vector<OpeningReader>& readers) {
  Json list = Json::array();
  for (const OpeningReader& reader : readers) {
    list.push_back({{"who", reader.who}, {"from", format_time(reader.from)}});
  }
  return list;
}

Result<HttpResponse> keep_openings(OpeningShelf& shelf, const LogView& log,
                                   const HttpRequest& request, UnixMillis now) {
  const GivenOpenings given = TRY(read_given(request.body, now));
  const auto decided = TRY(decided_handling(shelf, log, given));
  const Handling handling = TRY(settle_handling(given, decided, now));
  std::vector<KeptOpening> openings;
  for (const Opening& opening : given.openings) {
    const bool rules = opening.field == handling_field;  // It names readers to each other.
    openings.push_back({given.entry, opening, handling.classification,
                        rules ? std::vector<OpeningReader>() : handling.readers});
  }
  TRY_VOID(shelf.keep(log, std::move(openings)));
  return json_response(201, {{"entry", given.entry.value},
                             {"kept", given.openings.size()},
                             {"classification", handling.classification},
                             {"readers", readers_json(handling.readers)}});
}

// The operator need not know what the texts say.
Result<HttpResponse> list_openings(const OpeningShelf& shelf) {
  Json list = Json::array();
  for (const KeptOpening& kept : shelf.list()) {
    Json item = {{"entry", kept.entry.value},
                 {"field", kept.opening.field},
                 {"classification", kept.classification},
                 {"readers", readers_json(kept.readers)}};
    list.push_back(std::move(item));
  }
  return json_response(200, {{"openings", std::move(list)}});
}

Result<HttpResponse> destroy_opening(OpeningShelf& shelf, const HttpRequest& request,
                                     const std::string& index) {
  const auto entry = from_decimal(index);
  if (!entry) return no_openings();
  TRY_VOID(shelf.destroy(EntryIndex{*entry}, std::string(request.parameter("field").value_or(""))));
  HttpResponse response;
  response.status = 204;
  return response;
}

}  // namespace

Result<OpeningShelf*> OpeningRoutes::shelf_here() const {
  if (shelf != nullptr) return shelf.get();
  return Error{Errc::unavailable, "openings-unavailable", "this service keeps no openings"};
}

Result<HttpResponse> OpeningRoutes::list(const Call&) const {
  return list_openings(*TRY(shelf_here()));
}

Result<HttpResponse> OpeningRoutes::keep(const Call& call) const {
  auto kept = keep_openings(*TRY(shelf_here()), call.log, call.request, clock.now());
  notifier.wake();  // Where some could not be kept, others are.
  return kept;
}

Result<HttpResponse> OpeningRoutes::destroy(const Call& call) const {
  return destroy_opening(*TRY(shelf_here()), call.request, call.segment());
}

Result<HttpResponse> OpeningRoutes::list_own(const Call& call) const {
  const auto names = reader_names(call.party->name, call.party->audience);
  Json list = Json::array();
  for (const KeptOpening& kept : shelf ? shelf->list() : std::vector<KeptOpening>()) {
    const auto since = kept.readable_since(names, clock.now());
    if (!since) continue;
    list.push_back({{"entry", kept.entry.value},
                    {"field", kept.opening.field},
                    {"classification", kept.classification},
                    {"since", format_time(*since)}});
  }
  return json_response(200, {{"openings", std::move(list)}});
}

// Whoever may not read them is answered as if there were none.
Result<HttpResponse> OpeningRoutes::read(const Call& call) const {
  const auto index = from_decimal(call.segment());
  if (!index || !shelf) return no_openings();
  const auto names = reader_names(call.party->name, call.party->audience);
  std::vector<Opening> openings;
  for (const KeptOpening& kept : shelf->of_entry(EntryIndex{*index})) {
    if (kept.readable_since(names, clock.now())) openings.push_back(kept.opening);
  }
  if (openings.empty()) return no_openings();
  TRY_VOID(journal.record_opening_read(call.request, *call.party));
  return text_response(200, "application/json", format_openings(openings));
}

}  // namespace cpl
