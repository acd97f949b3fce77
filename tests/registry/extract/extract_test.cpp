#include <nlohmann/json.hpp>

#include "registry/base/csv.hpp"
#include "registry/extract/audit.hpp"
#include "registry/extract/rows.hpp"
#include "tests/registry/extract/extract_fixture.hpp"

namespace cpl::testing::extract_test {

namespace {

Extract read(BytesView content) {
  const auto parsed = parse_extract(content);
  INFO((parsed ? "" : parsed.error().detail));
  REQUIRE(parsed.has_value());
  return *parsed;
}

std::string refusal(BytesView content) {
  const auto parsed = parse_extract(content);
  return parsed ? "accepted" : parsed.error().code;
}

Bytes replaced(Bytes text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != text.npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("extract: the three forms hold the same, and are the same each time they are written") {
  const ExtractStory story;
  const Extract extract = story.extract();
  REQUIRE(extract.models.size() == 3);
  for (const ExtractForm form : extract_forms) {
    INFO(to_string(form));
    const Bytes content = written(extract, form);
    CHECK(extract_form_of(content) == form);
    const Extract again = read(content);
    CHECK(again.header == extract.header);
    CHECK(extract_hash(again) == extract_hash(extract));
    CHECK(written(again, form) == content);
    CHECK(state_root_of(again.models) == extract.header.state_root);
  }
}

TEST_CASE("extract: the JSON form is JSON, with one model a line and every field of the state") {
  const ExtractStory story;
  const Bytes content = written(story.extract(), ExtractForm::json);
  const Json json = Json::parse(content);
  CHECK(json["extract"]["format"] == "cpl/extract/v1");
  CHECK(json["extract"]["version"] == 1);
  CHECK(json["extract"]["previous"].is_null());
  CHECK(json["extract"]["listed"] == 2);
  CHECK(json["extract"]["removed"] == 1);
  CHECK(std::count(content.begin(), content.end(), '\n') == 5);
  const Json& removed = json["models"][1];
  CHECK(removed["model"] == meter.text());
  CHECK(removed["status"] == "removed");
  CHECK(removed["status_word"] == "Expired");
  CHECK(removed["added"] == 2);
  CHECK(removed["decision"] == 4);
  CHECK(removed["changed_at"] == story.view()->size().value - 1);
  CHECK(removed["record"]["firmware_version"] == "38040405");
}

TEST_CASE("extract: CSV is a table that no spreadsheet can take for a program") {
  const ExtractStory story;
  const Bytes content = written(story.extract(), ExtractForm::csv);
  CHECK(content.starts_with("format,cpl/extract/v1,"));
  auto reader = CsvReader::open(content);
  REQUIRE(reader.has_value());
  std::size_t rows = 0;
  while (true) {
    const auto row = reader->next();
    REQUIRE(row.has_value());
    if (!*row) break;
    ++rows;
    CHECK((*row)->fields.size() == extract_column_count());
    for (const std::string& cell : (*row)->fields) {
      CHECK((cell.empty() || std::string_view("=+-@\t\r").find(cell[0]) == std::string_view::npos));
    }
  }
  CHECK(rows == 9 + 1 + 3);
}

TEST_CASE(
    "extract: one spelling each: whatever else JSON or CSV could say the same with is refused") {
  const ExtractStory story;
  const Bytes json = written(story.extract(), ExtractForm::json);
  const Bytes csv = written(story.extract(), ExtractForm::csv);
  CHECK(refusal(replaced(json, ",\"models\":[\n", ",\"models\":[\n\n")) == "extract-malformed");
  CHECK(refusal(replaced(json, "\"listed\":2", "\"listed\":3")) == "extract-malformed");
  CHECK(refusal(replaced(json, "\"listed\":2", "\"listed\": 2")) == "extract-malformed");
  CHECK(refusal(replaced(json, "\"added\":1", "\"added\":1,\"more\":1")) == "extract-malformed");
  CHECK(refusal(json + " ") == "extract-malformed");
  CHECK(refusal(json.substr(0, json.size() - 3)) == "extract-malformed");
  CHECK(refusal(replaced(csv, "\r\n", "\n")) == "extract-malformed");
  CHECK(refusal(csv + "\r\n") == "extract-malformed");
  CHECK(refusal(replaced(csv, "version,1", "version,01")) == "extract-malformed");
  CHECK(refusal(replaced(csv, "listed,2", "\"listed\",2")) == "extract-malformed");
  CHECK(refusal(replaced(csv, "status_word", "status_work")) == "extract-malformed");
  CHECK(refusal("") == "extract-malformed");
  CHECK(refusal("PK\x03\x04") == "extract-malformed");
  CHECK(refusal("{\"extract\":") == "extract-malformed");
  CHECK(refusal("format,cpl/extract/v1") == "extract-malformed");
}

TEST_CASE("extract: version 1 alone has none before it; rows stand once, by rising id") {
  const ExtractStory story;
  CHECK(refusal(written(story.extract({}, 2), ExtractForm::json)) == "extract-malformed");
  CHECK(refusal(written(story.extract({}, 1, Hash{}), ExtractForm::csv)) == "extract-malformed");
  for (const ExtractForm form : extract_forms) {
    Extract swapped = story.extract();
    std::swap(swapped.models[0], swapped.models[1]);
    CHECK(refusal(written(swapped, form)) == "extract-malformed");
    Extract twice = story.extract();
    twice.models.push_back(twice.models.back());
    CHECK(refusal(written(twice, form)) == "extract-malformed");
  }
}

TEST_CASE("extract: the list as it was at every size, by the keeper and by a replay") {
  const ExtractStory story;
  const Published files = story.published();
  for (std::uint64_t size = 1; size <= story.view()->size().value; ++size) {
    const Extract kept = story.extract(TreeSize{size});
    const auto replayed =
        replay_extract(fetch_from(files), log_policy(), {}, {1, {}, TreeSize{size}});
    INFO((replayed ? "" : replayed.error().detail));
    REQUIRE(replayed.has_value());
    CHECK(kept.header == replayed->extract.header);
    CHECK(extract_hash(kept) == extract_hash(replayed->extract));
    CHECK(format_extract_proof(replayed->proof) == story.proof(TreeSize{size}));
  }
  CHECK_FALSE(build_extract(*story.view(), TreeSize{0}, 1, {}).has_value());
  CHECK_FALSE(build_extract(*story.view(), TreeSize{99}, 1, {}).has_value());
  const auto beyond = replay_extract(fetch_from(files), log_policy(), {}, {1, {}, TreeSize{99}});
  REQUIRE_FALSE(beyond.has_value());
  CHECK(beyond.error().code == "size-not-found");
}

TEST_CASE("extract: nothing is made of a log that is not sound") {
  const ExtractStory story;
  Published files = story.published();
  files["tile/entries/000.p/" + std::to_string(story.view()->size().value)].back() ^= 1;
  const auto made = replay_extract(fetch_from(files), log_policy(), {}, {});
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().errc == Errc::unauthorized);
}

TEST_CASE("extract: ten thousand models go through every form") {
  Extract extract;
  extract.header.origin = test_origin;
  extract.header.log_size = TreeSize{10'001};
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    ModelRecord record;
    record.model = testing::small_model(i);
    record.added = record.changed_at = EntryIndex{i + 1};
    record.effective_from = testing::start_time;
    extract.models.push_back(record);
  }
  extract.header.state_root = state_root_of(extract.models);
  for (const ExtractForm form : extract_forms) {
    const Bytes content = written(extract, form);
    CHECK(extract_hash(read(content)) == extract_hash(extract));
  }
}

}  // namespace cpl::testing::extract_test
