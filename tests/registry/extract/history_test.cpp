// The extract of every size of a log in which records were corrected, certificates renewed, and a
// model removed and reinstated: as a service builds it from its store, and as a stranger does from
// the published log.
#include "registry/extract/audit.hpp"
#include "registry/query/extract_builder.hpp"
#include "tests/registry/audit/published_log.hpp"
#include "tests/registry/extract/extract_fixture.hpp"

namespace cpl::testing::history_test {
namespace {

const ModelId changed_model = make_model().id();

Correction renamed(const std::string& maker) {
  DeviceModel model = make_model();
  model.manufacturer_name = maker;
  return {model, "The maker's name.", {}};
}

CertificateChange renewed(const std::string& number) {
  CpaCertificate certificate = make_cpa();
  certificate.number = number;
  return {changed_model,
          CertificateKind::cpa,
          CertificateEvent::renewed,
          day("2026-07-09"),
          {},
          certificate,
          {}};
}

struct LongHistory : LogStory {
  LongHistory() {
    founds();
    adds();
    does(renamed("First Correction Ltd"));
    adds(make_display());
    does(renewed("CPA-2"));
    const EntryIndex decision = does(ex_committee_decision_on({changed_model}));
    removes(changed_model, notifies_and_validates({changed_model}, decision));
    does(renamed("Second Correction Ltd"));
    Decision again = ex_committee_decision_on({});
    again.authorises = {{Act::reinstate, {changed_model}}};
    does(Reinstatement{changed_model, does(again), {}, {}});
    does(CertificateChange{changed_model,
                           CertificateKind::zigbee,
                           CertificateEvent::renewed,
                           day("2026-07-09"),
                           make_certificate("ZIG-2"),
                           {},
                           {}});
    does(CertificateChange{changed_model,
                           CertificateKind::dlms,
                           CertificateEvent::withdrawn,
                           day("2026-07-09"),
                           {},
                           {},
                           {}});
  }
};

}  // namespace

TEST_CASE("extract: service and stranger make the same one of every size of the log") {
  const LongHistory story;
  const Published files = story.published();
  const auto view = story.view();
  std::set<std::string> makers;
  for (std::uint64_t size = 1; size <= view->size().value; ++size) {
    CAPTURE(size);
    const auto built = build_extract(*view, TreeSize{size}, 1, {});
    INFO((built ? "" : built.error().detail));
    REQUIRE(built);
    const auto replayed =
        replay_extract(fetch_from(files), log_policy(), {}, {1, {}, TreeSize{size}});
    INFO((replayed ? "" : replayed.error().detail));
    REQUIRE(replayed);
    for (const ExtractForm form : extract_forms) {
      const auto content = format_extract(*built, form);
      REQUIRE(content);
      CHECK(check_extract_file(*content, replayed->extract, form));
    }
    for (const ModelRecord& record : built->models) {
      if (record.model.id() == changed_model) makers.insert(record.model.manufacturer_name);
    }
  }
  CHECK(makers == std::set<std::string>{"Example Meters Ltd", "First Correction Ltd",
                                        "Second Correction Ltd"});
  const auto newest = build_extract(*view, view->size(), 1, {});
  REQUIRE(newest);
  for (const ModelRecord& record : newest->models) {
    if (record.model.id() != changed_model) continue;
    CHECK(record.status == ModelStatus::listed);
    CHECK(record.model.cpa->number == "CPA-1");  // The second correction took it back.
    CHECK(record.model.zigbee->number == "ZIG-2");
  }
}

}  // namespace cpl::testing::history_test
