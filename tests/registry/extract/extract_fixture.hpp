// A log whose registrar has a P-256 key, extracts of it, and what is needed to sign them.
#pragma once

#include "crypto/cms.hpp"
#include "registry/extract/verdict.hpp"
#include "registry/query/extract_builder.hpp"
#include "tests/registry/evidence/verdict_fixture.hpp"

namespace cpl {

inline NoteSigner p256_signer(const std::string& name) {
  auto signer = NoteSigner::create(name, PrivateKey::generate(KeyAlgorithm::ecdsa_p256));
  check(signer.has_value());
  return *std::move(signer);
}

inline const PrivateKey& extract_key() {
  static const PrivateKey key = PrivateKey::generate(KeyAlgorithm::ecdsa_p256);
  return key;
}
inline NoteVerifier extract_verifier() {
  const auto signer = NoteSigner::create("registrar-p256", extract_key());
  check(signer.has_value());
  return signer->verifier();
}

inline std::uint64_t seconds_at(std::string_view text) { return at(text).value / 1000; }

inline SigningCertificate certificate_for(const PrivateKey& key,
                                          std::uint64_t from = seconds_at("2026-01-01T00:00:00Z"),
                                          std::uint64_t to = seconds_at("2027-01-01T00:00:00Z")) {
  const auto made =
      SigningCertificate::self_signed(*held_key(key), "Registrar, extracts", from, to);
  check(made.has_value());
  return *made;
}

inline const UnixMillis signing_time = at("2026-07-09T13:00:00Z");

inline Bytes signed_by(BytesView content, const PrivateKey& key = extract_key(),
                       UnixMillis when = signing_time) {
  return sign_cms(content, key, certificate_for(key), when.value / 1000);
}

inline Bytes written(const Extract& extract, ExtractForm form) {
  const auto content = format_extract(extract, form);
  INFO((content ? "" : content.error().detail));
  REQUIRE(content.has_value());
  return *content;
}

// A removed meter, its listed predecessor and a listed display.
struct ExtractStory : LogStory {
  ExtractStory() {
    Charter charter = make_charter();
    charter.roles[Role::registrar].keys.push_back(extract_verifier());
    does(charter);
    adds();
    DeviceModel successor = make_successor();
    successor.manufacturer_name = "=cmd|' /C calc'!A0";
    successor.remarks = "two\nlines, \"quoted\"; _x0041_ ";
    successor.s1_combination_refs = {"+1", "b;c"};
    adds(successor);
    adds(make_display());
    const EntryIndex decision = decides({meter});
    removes(meter, notifies_and_validates({meter}, decision));
  }

  Extract extract(std::optional<TreeSize> size = {}, std::uint64_t version = 1,
                  std::optional<Hash> previous = {}) const {
    const auto built = build_extract(*view(), size.value_or(view()->size()), version, previous);
    INFO((built ? "" : built.error().detail));
    REQUIRE(built.has_value());
    return *built;
  }
  Bytes proof(TreeSize size) const {
    const auto built = build_extract_proof(*view(), size);
    REQUIRE(built.has_value());
    return format_extract_proof(*built);
  }
  // As published, and signed.
  ExtractFiles files(const Extract& extract, ExtractForm form = ExtractForm::json) const {
    Bytes content = written(extract, form);
    Bytes signature = signed_by(content);
    return {std::move(content), std::move(signature), proof(extract.header.log_size)};
  }
};

inline std::string told(const ExtractVerdict& verdict) {
  CHECK(verdict.code.empty() == (verdict.outcome != Outcome::invalid));
  CHECK_FALSE(verdict.sentence.empty());
  CHECK_FALSE(verdict.checks.empty());
  CHECK(verdict.checks.back().passed == (verdict.outcome != Outcome::invalid));
  CHECK(verdict.held.has_value() == (verdict.outcome != Outcome::invalid));
  return to_string(verdict.outcome) + (verdict.code.empty() ? "" : ": " + verdict.code);
}

}  // namespace cpl
