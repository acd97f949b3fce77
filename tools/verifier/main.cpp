// The judge for browsers: the page gives texts into places, asks a question, and reads the answer,
// the same JSON to the letter as `cpl verify --json` prints.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "registry/base/printed_json.hpp"
#include "registry/evidence/asked.hpp"
#include "registry/given/given.hpp"
#include "registry/given/images.hpp"
#include "registry/given/sealed.hpp"
#include "registry/sheet/problems_json.hpp"
#include "tools/verifier/host.hpp"

namespace cpl {
namespace {

enum class Place : std::size_t {
  content,
  name,
  policy,
  policy_name,
  expect,
  entry,
  signature,
  extract_proof,
  openings
};
constexpr std::size_t place_count = 9;

std::array<std::optional<Bytes>, place_count> given_texts;
std::string answer;

std::string text_in(Place place) {
  return given_texts[static_cast<std::size_t>(place)].value_or(std::string());
}

std::size_t answer_with(const Json& json) {
  answer = printed_json(json);
  return answer.size();
}

Result<Opinion> judge_texts(const JudgeOptions& options) {
  Given given;
  given.name = text_in(Place::name);
  given.content = text_in(Place::content);
  given.expect = text_in(Place::expect);
  if (!given.expect.empty()) TRY(parse_asked(given.expect));
  const GivenKind kind = TRY(kind_of_given(given.name, given.content));
  const TrustPolicy policy = TRY(policy_given(text_in(Place::policy_name), text_in(Place::policy)));
  given.entry = given_texts[static_cast<std::size_t>(Place::entry)];
  given.signature = given_texts[static_cast<std::size_t>(Place::signature)];
  given.extract_proof = text_in(Place::extract_proof);
  return judge_given(kind, std::move(given), policy, options);
}

}  // namespace

// Where so many octets of the page's may be put.
CPL_GIVEN_TO_PAGE("room") char* room(std::size_t size) {
  return static_cast<char*>(std::malloc(size == 0 ? 1 : size));
}

// What was put there is the text of that place from now on.
CPL_GIVEN_TO_PAGE("give") void give(std::size_t place, char* octets, std::size_t size) {
  check(place < place_count);
  given_texts[place] = Bytes(octets, size);
  std::free(octets);
}

// Each of these returns the size of its answer.
CPL_GIVEN_TO_PAGE("judge") std::size_t judge_for_page(double now, double age_seconds_max) {
  JudgeOptions options;
  options.now = UnixMillis{static_cast<std::uint64_t>(now)};
  options.witness_age_seconds_max = static_cast<std::uint64_t>(age_seconds_max);
  const auto opinion = judge_texts(options);
  return answer_with(opinion ? to_json(*opinion) : error_json(opinion.error()));
}

// The firmware images that the entries of the evidence name. What they say is believed only where
// the verdict on the same text is valid.
CPL_GIVEN_TO_PAGE("images") std::size_t images_for_page() {
  return answer_with(images_json(text_in(Place::content)));
}

// What the openings beside the evidence open in it. Believed as the images are.
CPL_GIVEN_TO_PAGE("opened") std::size_t opened_for_page() {
  const auto opened = opened_json(text_in(Place::content), text_in(Place::openings));
  return answer_with(opened ? *opened : error_json(opened.error()));
}

// A submission as CSV, with what is wrong in it.
CPL_GIVEN_TO_PAGE("sheet") std::size_t sheet_for_page(double now) {
  SheetDefaults defaults;
  defaults.submitted_by = "SECAS";
  defaults.received_at = UnixMillis{static_cast<std::uint64_t>(now)};
  const SheetReading reading = read_model_sheet(text_in(Place::content), defaults);
  return answer_with({{"models", reading.rows.size()},
                      {"errors", reading.error_count},
                      {"warnings", reading.warning_count},
                      {"problems", problems_json(reading)}});
}

CPL_GIVEN_TO_PAGE("answer") const char* answer_for_page() { return answer.data(); }

}  // namespace cpl
