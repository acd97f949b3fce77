#include <cstdlib>
#include <fstream>

#include "registry/base/csv.hpp"
#include "tests/registry/extract/extract_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::verdict_test {

namespace {

const UnixMillis judged_at = at("2026-07-09T13:01:00Z");

std::string judged(const ExtractFiles& files, const std::optional<HeldExtract>& held = {},
                   const TrustPolicy& policy = log_policy()) {
  const ExtractVerdict verdict = judge_extract(files, policy, {judged_at, 86'400}, held);
  INFO(verdict.sentence);
  return told(verdict);
}

HeldExtract holding(const Extract& extract) {
  return {extract.header.origin, extract.header.version, extract_hash(extract),
          extract.header.log_size};
}

using Table = std::vector<std::vector<std::string>>;

Table table_of(BytesView csv) {
  auto reader = CsvReader::open(csv, extract_size_max);
  REQUIRE(reader.has_value());
  Table table;
  while (true) {
    auto row = reader->next();
    REQUIRE(row.has_value());
    if (!*row) return table;
    table.push_back(std::move((*row)->fields));
  }
}

Bytes csv_of(const Table& table) {
  Bytes out;
  for (const auto& row : table) append_csv_row(out, row);
  return out;
}

// Other values for a cell: another row's, none, another last digit, a later year, more words.
std::set<std::string> lies_for(const Table& table, std::size_t row, std::size_t column) {
  const std::string honest = table[row][column];
  std::set<std::string> lies = {"", honest + " 2", "Withdrawn", "MAPPED_BY_EVIDENCE", "3"};
  for (std::size_t other = table.size() - 3; other < table.size(); ++other) {
    lies.insert(table[other][column]);
  }
  for (std::size_t at = 0; at < honest.size(); ++at) {
    if (honest[at] < '0' || honest[at] > '8' || (at > 3 && at + 3 < honest.size())) continue;
    lies.insert(honest.substr(0, at) + static_cast<char>(honest[at] + 1) + honest.substr(at + 1));
  }
  lies.erase(honest);
  return lies;
}

}  // namespace

TEST_CASE("extract verdict: an extract of the log, signed by a registrar, is valid in every form") {
  const ExtractStory story;
  for (const ExtractForm form : extract_forms) {
    INFO(to_string(form));
    CHECK(judged(story.files(story.extract(), form)) == "VALID");
    CHECK(judged(story.files(story.extract(TreeSize{3}), form)) == "VALID");
    CHECK(judged(story.files(story.extract(TreeSize{1}), form)) == "VALID");
  }
}

TEST_CASE(
    "extract verdict: a missing, an added and a changed row are refused in every form, even "
    "when a registrar signed") {
  const ExtractStory story;
  for (const ExtractForm form : extract_forms) {
    INFO(to_string(form));
    Extract missing = story.extract();
    missing.models.pop_back();
    CHECK(judged(story.files(missing, form)) == "INVALID: extract-root-mismatch");
    Extract added = story.extract();
    added.models.push_back(added.models.back());
    added.models.back().model.firmware_version = "FFFFFFFF";
    CHECK(judged(story.files(added, form)) == "INVALID: extract-root-mismatch");
    Extract relisted = story.extract();
    relisted.models[1].status = ModelStatus::listed;
    CHECK(judged(story.files(relisted, form)) == "INVALID: extract-root-mismatch");
    Extract later = story.extract();
    later.models[0].effective_from = plus_seconds(later.models[0].effective_from, 1);
    CHECK(judged(story.files(later, form)) == "INVALID: extract-root-mismatch");
    Extract elsewhere = story.extract();
    elsewhere.models[0].changed_at = EntryIndex{2};
    CHECK(judged(story.files(elsewhere, form)) == "INVALID: extract-root-mismatch");
  }
}

TEST_CASE("extract verdict: no cell of any row can be another, even when a registrar signs it") {
  ExtractStory story;
  story.does(CertificateChange{
      display, CertificateKind::zigbee, CertificateEvent::expired, day("2026-07-01"), {}, {}, {}});
  const Table honest = table_of(written(story.extract(), ExtractForm::csv));
  const std::size_t names = honest.size() - 4;  // The row above the three models.
  REQUIRE(honest[names][0] == "model");
  ExtractFiles files = story.files(story.extract(), ExtractForm::csv);
  REQUIRE(judged(files) == "VALID");
  std::set<std::string> well_formed;  // Columns in which a lie reads as an extract.
  for (std::size_t row = names + 1; row < honest.size(); ++row) {
    for (std::size_t column = 0; column < honest[row].size(); ++column) {
      for (const std::string& lie : lies_for(honest, row, column)) {
        Table table = honest;
        table[row][column] = lie;
        files.content = csv_of(table);
        files.signature = signed_by(files.content);
        INFO(honest[names][column] << ": " << honest[row][column] << " -> " << lie);
        const ExtractVerdict verdict = judge_extract(files, log_policy(), {judged_at, 86'400}, {});
        REQUIRE(verdict.outcome == Outcome::invalid);
        if (verdict.code == "extract-root-mismatch") well_formed.insert(honest[names][column]);
      }
    }
  }
  for (const char* column :
       {"status_word", "effective_from", "changed_at", "changed_before", "added", "decision",
        "lapsed", "image_hash", "manufacturer_name", "ts_version", "cert_zigbee_number",
        "cert_dlms_issue_date", "cert_cpa_expiry_date", "cert_cpa_match", "predecessors",
        "submitted_by", "remarks"}) {
    CAPTURE(column);
    CHECK(well_formed.contains(column));
  }
}

TEST_CASE("extract verdict: what is changed after signing is refused in every form") {
  const ExtractStory story;
  for (const ExtractForm form : extract_forms) {
    Extract altered = story.extract();
    altered.models[0].model.manufacturer_name = "Somebody Else Ltd";
    ExtractFiles files = story.files(story.extract(), form);
    files.content = written(altered, form);
    CHECK(judged(files) == "INVALID: extract-root-mismatch");
    // What the log cannot know: which version it is.
    altered = story.extract();
    altered.header.version = 2;
    altered.header.previous = sha256("another version 1");
    files.content = written(altered, form);
    CHECK(judged(files) == "INVALID: signature-invalid");
  }
}

TEST_CASE("extract verdict: the head is bound to the entry at the log size") {
  const ExtractStory story;
  Extract extract = story.extract();
  extract.header.as_of = plus_seconds(extract.header.as_of, -1);
  CHECK(judged(story.files(extract)) == "INVALID: extract-root-mismatch");
  extract = story.extract();
  extract.header.origin = "another.example/log";
  CHECK(judged(story.files(extract)) == "INVALID: origin-mismatch");
  // The rows of one size, under the head and the proof of another.
  extract = story.extract(TreeSize{4});
  extract.header.log_size = TreeSize{5};
  CHECK(judged(story.files(extract)) == "INVALID: extract-root-mismatch");
  ExtractFiles files = story.files(story.extract(TreeSize{4}));
  files.proof = story.proof(TreeSize{5});
  CHECK(judged(files) == "INVALID: last-entry-mismatch");
  extract = story.extract();
  extract.header.log_size = TreeSize{100};
  files = story.files(story.extract());
  files.content = written(extract, ExtractForm::json);
  CHECK(judged(files) == "INVALID: size-not-found");
}

TEST_CASE(
    "extract verdict: an older version, and one that rests on another, are refused after a "
    "newer one was held") {
  const ExtractStory story;
  const Extract first = story.extract(TreeSize{3});
  const Extract second = story.extract(TreeSize{4}, 2, extract_hash(first));
  const Extract third = story.extract({}, 3, extract_hash(second));
  CHECK(judged(story.files(second), holding(first)) == "VALID");
  CHECK(judged(story.files(third), holding(first)) == "VALID");
  CHECK(judged(story.files(third), holding(third)) == "VALID");
  CHECK(judged(story.files(first), holding(second)) == "INVALID: extract-older");
  CHECK(judged(story.files(first), holding(third)) == "INVALID: extract-older");
  const Extract other = story.extract(TreeSize{5}, 2, extract_hash(first));
  CHECK(judged(story.files(other), holding(second)) == "INVALID: extract-previous-mismatch");
  CHECK(judged(story.files(third), holding(other)) == "INVALID: extract-previous-mismatch");
  // A newer number over an older list.
  const Extract back = story.extract(TreeSize{2}, 4, extract_hash(third));
  CHECK(judged(story.files(back), holding(third)) == "INVALID: extract-older");
  HeldExtract foreign = holding(first);
  foreign.origin = "another.example/log";
  CHECK(judged(story.files(second), foreign) == "INVALID: origin-mismatch");
}

TEST_CASE("extract verdict: what is held goes into a file and back; nothing else is one") {
  const ExtractStory story;
  const HeldExtract held = holding(story.extract());
  const auto again = parse_held_extract(format_held_extract(held));
  REQUIRE(again.has_value());
  CHECK(*again == held);
  CHECK_FALSE(parse_held_extract("").has_value());
  CHECK_FALSE(parse_held_extract("{\"version\":1}").has_value());
}

TEST_CASE("extract verdict: only a key of the registrar in force at that size signs extracts") {
  ExtractStory story;
  ExtractFiles files = story.files(story.extract());
  files.signature = signed_by(files.content, PrivateKey::generate(KeyAlgorithm::ecdsa_p256));
  CHECK(judged(files) == "INVALID: signer-not-registrar");
  files.signature.reset();
  CHECK(judged(files) == "INVALID: signature-missing");
  // The key leaves the charter: it vouches for lists before that, and for none after.
  const TreeSize before = story.view()->size();
  Charter charter = make_charter();
  charter.replaces = EntryIndex{0};
  story.does(charter);
  CHECK(judged(story.files(story.extract(before))) == "VALID");
  CHECK(judged(story.files(story.extract())) == "INVALID: signer-not-registrar");
}

TEST_CASE(
    "extract verdict: the certificate must be valid when it signs, and that neither before "
    "the list nor in the future") {
  const ExtractStory story;
  const auto signed_with = [&](std::string_view from, std::string_view to, std::string_view when) {
    ExtractFiles files = story.files(story.extract());
    files.signature = sign_cms(files.content, extract_key(),
                               certificate_for(extract_key(), seconds_at(from), seconds_at(to)),
                               seconds_at(when));
    return judged(files);
  };
  const auto list_time = story.extract().header.as_of;
  CHECK(signed_with("2026-07-09T12:30:00Z", "2026-07-09T13:00:00Z", "2026-07-09T13:00:00Z") ==
        "VALID");
  CHECK(signed_with("2026-01-01T00:00:00Z", "2026-07-09T12:59:59Z", "2026-07-09T13:00:00Z") ==
        "INVALID: signer-certificate-expired");
  CHECK(signed_with("2026-07-09T13:00:01Z", "2027-01-01T00:00:00Z", "2026-07-09T13:00:00Z") ==
        "INVALID: signer-certificate-expired");
  CHECK(signed_with("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z",
                    format_time(plus_seconds(list_time, -1))) == "INVALID: signing-time-invalid");
  CHECK(signed_with("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", format_time(list_time)) ==
        "VALID");
  CHECK(signed_with("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "2026-07-09T13:06:01Z") ==
        "INVALID: signing-time-invalid");
}

TEST_CASE(
    "extract verdict: a cut or a foreign signature, and a cut or a foreign proof, are refused") {
  const ExtractStory story;
  const ExtractFiles good = story.files(story.extract());
  ExtractFiles files = good;
  files.signature->resize(files.signature->size() / 2);
  CHECK(judged(files) == "INVALID: cms-malformed");
  files.signature = Bytes();
  CHECK(judged(files) == "INVALID: cms-malformed");
  files = good;
  files.proof.resize(files.proof.size() / 2);
  CHECK(judged(files) == "INVALID: json-malformed");
  files = good;
  const auto stranger = TrustPolicy::of_log(ed25519_signer("another").verifier());
  CHECK(judge_extract(files, stranger, {judged_at, 86'400}).outcome == Outcome::invalid);
}

TEST_CASE("extract verdict: a charter left out, altered or later than the list does not pass") {
  ExtractStory story;
  Charter charter = make_charter();
  charter.roles[Role::registrar].keys.push_back(extract_verifier());
  charter.replaces = EntryIndex{0};
  const TreeSize before = story.view()->size();
  story.does(charter);
  const ExtractFiles good = story.files(story.extract());
  CHECK(judged(good) == "VALID");
  const auto proof = parse_extract_proof(good.proof);
  REQUIRE(proof.has_value());
  REQUIRE(proof->charters.size() == 2);
  const auto with = [&](ExtractProof altered, const ExtractFiles& files) {
    ExtractFiles out = files;
    out.proof = format_extract_proof(altered);
    return judged(out);
  };
  ExtractProof altered = *proof;
  altered.charters.erase(altered.charters.begin());
  CHECK(with(altered, good).starts_with("INVALID: "));
  altered = *proof;
  altered.charters[0].leaf.back() ^= 1;
  CHECK(with(altered, good).starts_with("INVALID: "));
  altered = *proof;
  altered.charters.push_back(altered.last);
  CHECK(with(altered, good).starts_with("INVALID: "));
  const ExtractFiles earlier = story.files(story.extract(before));
  altered = *parse_extract_proof(earlier.proof);
  altered.charters.push_back(proof->charters[1]);
  CHECK(with(altered, earlier) == "INVALID: charter-later");
}

TEST_CASE("extract verdict: witnesses that saw the log too long ago make it stale") {
  const ExtractStory story;
  ExtractFiles files = story.files(story.extract());
  CHECK(judged(files, {}, witness_policy()).starts_with("INVALID: "));
  ExtractProof proof = *parse_extract_proof(files.proof);
  Evidence carrier;
  carrier.entries = proof.charters;
  carrier.last = proof.last;
  carrier = cosigned(std::move(carrier));
  files.proof = format_extract_proof({carrier.entries, carrier.last});
  CHECK(judged(files, {}, witness_policy()) == "VALID");
  const ExtractVerdict late = judge_extract(files, witness_policy(), at_time(witnessed + 86'401));
  CHECK(told(late) == "VALID, stale");
  CHECK(exit_code(late.outcome) == 3);
}

TEST_CASE("extract verdict: OpenSSL verifies each form with nothing of ours") {
  const ExtractStory story;
  const testing::TemporaryFolder folder;
  const auto put = [&](const std::string& name, BytesView content) {
    std::ofstream(folder.path() / name, std::ios::binary) << content;
  };
  for (const ExtractForm form : extract_forms) {
    const ExtractFiles files = story.files(story.extract(), form);
    const auto opened = open_cms(*files.signature);
    REQUIRE(opened.has_value());
    put("cert.pem", opened->certificate.to_pem());  // It is its own authority.
    put("extract", files.content);
    put("extract.p7s", *files.signature);
    const std::string verify = "cd '" + folder.path().string() +
                               "' && openssl cms -verify -binary -inform DER -in extract.p7s "
                               "-content extract -CAfile cert.pem -purpose any -attime " +
                               std::to_string(signing_time.value / 1000) + " >/dev/null 2>&1";
    CHECK(std::system(verify.c_str()) == 0);
    put("extract", files.content + " ");
    CHECK(std::system(verify.c_str()) != 0);
  }
}

}  // namespace cpl::testing::verdict_test
