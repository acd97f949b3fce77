// Publishing extracts and reading them, through the API.
#include "registry/extract/audit.hpp"
#include "registry/extract/rows.hpp"
#include "tests/api/routes/extracts_fixture.hpp"
#include "tests/registry/log/witness_fixture.hpp"

namespace cpl::testing::extracts_test {

namespace {

// The view as witnesses cosigned it.
std::shared_ptr<const LogView> cosigned(const LogView& view) {
  auto note = parse_note(view.checkpoint_note());
  REQUIRE(note);
  cosign_note(*note, cosigner_of("witness.example"), 1'780'000'000);
  return view.under(format_note(*note));
}

HttpResponse conditional(TestApi& registry, const std::string& target, const std::string& tags) {
  HttpRequest request;
  const auto parsed = parse_target(target);
  request.target = target;
  request.segments = parsed->segments;
  request.headers.add("If-None-Match", tags);
  std::optional<HttpResponse> answered;
  registry.api->handle(std::move(request),
                       [&](HttpResponse response) { answered = std::move(response); });
  REQUIRE(answered);
  return *answered;
}

// The registry's resources, but for those that stand in the map.
FetchResource fetch_from(ExtractApi& api, const std::map<std::string, Bytes>& instead) {
  return [&](const std::string& path) -> Result<Bytes> {
    if (const auto found = instead.find(path); found != instead.end()) return found->second;
    const HttpResponse response = api.registry.get("/" + path);
    if (response.status == 200) return *response.body;
    return Error{Errc::not_found, "not-found", path};
  };
}

}  // namespace

TEST_CASE("extracts: nothing is there before the first is published") {
  ExtractApi api;
  CHECK(problem(api.registry.get("/v1/extract.csv"), 404)["code"] == "extract-not-found");
  CHECK(api.registry.get_json("/v1/extracts")["extracts"].empty());
  CHECK(api.registry.get_json("/v1/extracts")["newest"] == 0);
  TestApi without;
  without.log.append({charter_note()});
  CHECK(problem(without.get("/v1/extract.csv"), 404)["code"] == "extract-not-found");
  CHECK(problem(without.send(HttpMethod::post, "/v1/extracts", "{}"), 404)["code"] ==
        "extract-not-found");
}

TEST_CASE("extracts: what is published is served in three forms, signed, and judged valid") {
  ExtractApi api;
  const Extract extract = api.extract();
  const HttpResponse answer = api.publish(extract);
  INFO(*answer.body);
  REQUIRE(answer.status == 201);
  CHECK(header(answer, "Location") == "/v1/extracts/1.json");
  const auto policy = TrustPolicy::of_log(log_keys().log.verifier());
  const std::map<std::string, std::string> types = {
      {"json", "application/json"},
      {"csv", "text/csv; charset=utf-8"},
      {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}};
  for (const auto& [form, type] : types) {
    for (const std::string path : {"/v1/extract.", "/v1/extracts/1."}) {
      INFO(path << form);
      const HttpResponse content = api.registry.get(path + form);
      REQUIRE(content.status == 200);
      CHECK(header(content, "Content-Type") == type);
      CHECK(header(content, "Content-Disposition") ==
            "attachment; filename=\"cpl-extract-1." + form + "\"");
      CHECK(header(content, "ETag") == "\"" + to_hex(sha256(*content.body)) + "\"");
      CHECK(header(content, "Content-Digest") ==
            "sha-256=:" + to_base64(sha256(*content.body)) + ":");
      const HttpResponse signature = api.registry.get(path + form + ".p7s");
      CHECK(header(signature, "Content-Type") == "application/pkcs7-signature");
      CHECK(header(signature, "Content-Disposition") ==
            "attachment; filename=\"cpl-extract-1." + form + ".p7s\"");
      const HttpResponse proof = api.registry.get(path + "proof");
      const ExtractVerdict verdict = judge_extract({*content.body, *signature.body, *proof.body},
                                                   policy, {api.registry.log.clock.now(), 86'400});
      INFO(verdict.sentence);
      CHECK(told(verdict) == "VALID");
    }
  }
  CHECK(header(api.registry.get("/v1/extract.csv"), "Cache-Control") == "no-cache");
  CHECK(header(api.registry.get("/v1/extracts/1.csv"), "Cache-Control") ==
        "public, max-age=31536000, immutable");
}

TEST_CASE("extracts: with witnesses the proof is under what they cosigned, and waits for it") {
  ExtractApi api;
  auto shown = cosigned(*api.registry.log.view());
  api.published = [&] { return shown; };
  api.open();
  api.registry.log.append({addition_note(4)});
  REQUIRE(api.publish(api.extract()).status == 201);
  CHECK(problem(api.registry.get("/v1/extract.proof"), 503)["code"] == "not-published-yet");
  CHECK(api.registry.get("/v1/extract.csv").status == 200);

  shown = cosigned(*api.registry.log.view());
  const auto proof = parse_extract_proof(*api.registry.get("/v1/extract.proof").body);
  REQUIRE(proof);
  CHECK(parse_tlog_proof(proof->last.proof)->checkpoint_note == shown->checkpoint_note());
}

TEST_CASE("extracts: who holds the file already is told so") {
  ExtractApi api;
  api.publish(api.extract());
  const std::string tag = header(api.registry.get("/v1/extract.csv"), "ETag");
  for (const std::string& tags : {tag, "\"x\", " + tag, "W/" + tag, std::string("*")}) {
    const HttpResponse held = conditional(api.registry, "/v1/extract.csv", tags);
    CHECK(held.status == 304);
    CHECK(held.body == nullptr);
    CHECK(header(held, "ETag") == tag);
  }
  CHECK(conditional(api.registry, "/v1/extract.json", tag).status == 200);
}

TEST_CASE("extracts: versions follow one another, are listed, and outlive the service") {
  ExtractApi api;
  const Extract first = api.extract(1, {}, 4);
  REQUIRE(api.publish(first).status == 201);
  const Extract second = api.extract(2, extract_hash(first));
  REQUIRE(api.publish(second).status == 201);
  for (int again = 0; again < 2; ++again) {
    const Json list = api.registry.get_json("/v1/extracts");
    REQUIRE(list["extracts"].size() == 2);
    CHECK(list["newest"] == 2);
    CHECK(list["next"].is_null());
    CHECK(list["extracts"][0]["log_size"] == 4);
    CHECK(list["extracts"][1]["previous"] == list["extracts"][0]["sha256"]);
    CHECK(list["extracts"][1]["removed"] == 1);
    CHECK(list["extracts"][1]["signer"] == "registrar-p256");
    CHECK(api.registry.get_json("/v1/extracts?limit=1")["next"] == 1);
    CHECK(api.registry.get_json("/v1/extracts?after=1")["extracts"][0]["version"] == 2);
    CHECK(*api.registry.get("/v1/extracts/1.csv").body == written(first, ExtractForm::csv));
    CHECK(*api.registry.get("/v1/extract.csv").body == written(second, ExtractForm::csv));
    api.open();
  }
  for (const char* path : {"/v1/extracts/0.csv", "/v1/extracts/3.csv", "/v1/extracts/01.csv",
                           "/v1/extracts/extract.csv", "/v1/extracts/1.pdf",
                           "/v1/extracts/1.proof.p7s", "/v1/extract.csv.p7s.p7s"}) {
    INFO(path);
    CHECK(problem(api.registry.get(path), 404)["code"] == "extract-not-found");
  }
  // These have no name of a file at all.
  for (const char* path : {"/v1/extracts/1", "/v1/extract.", "/v1/extracts/1.", "/v1/extracts/"}) {
    INFO(path);
    CHECK(problem(api.registry.get(path), 404)["code"] == "not-found");
  }
}

TEST_CASE("extracts: the same publication again is answered as the first time") {
  ExtractApi api;
  const Extract extract = api.extract();
  CHECK(api.publish(extract).status == 201);
  CHECK(api.publish(extract).status == 200);
  CHECK(api.registry.get_json("/v1/extracts")["newest"] == 1);
}

TEST_CASE("extracts: each bad publication is refused with its own code, and leaves nothing") {
  ExtractApi api;
  const Extract good = api.extract();
  const auto altered = [&](const auto& alter) {
    Extract extract = good;
    alter(extract);
    return api.signed_publication(extract);
  };
  CHECK(api.refusal(altered([](Extract& e) { e.models.pop_back(); }), 403) == "extract-mismatch");
  CHECK(api.refusal(altered([](Extract& e) {
                      e.models.push_back(e.models.back());
                      e.models.back().model.firmware_version = "FFFFFFFF";
                    }),
                    403) == "extract-mismatch");
  CHECK(api.refusal(altered([](Extract& e) { e.models[0].status = ModelStatus::listed; }), 403) ==
        "extract-mismatch");
  CHECK(api.refusal(altered([](Extract& e) { e.models[0].model.manufacturer_name = "Other"; }),
                    403) == "extract-mismatch");
  CHECK(api.refusal(api.signed_publication(good, PrivateKey::generate(KeyAlgorithm::ecdsa_p256)),
                    403) == "signer-not-registrar");
  CHECK(api.refusal(api.signed_publication(api.extract(2, extract_hash(good))), 409) ==
        "extract-version-mismatch");
  ExtractPublication publication = api.signed_publication(good);
  publication.previous = Hash{};
  CHECK(api.refusal(publication, 409) == "extract-previous-mismatch");
  publication = api.signed_publication(good);
  publication.log_size = TreeSize{99};
  CHECK(api.refusal(publication, 404) == "size-not-found");
  publication = api.signed_publication(good);
  std::swap(publication.signatures[0], publication.signatures[1]);
  CHECK(api.refusal(publication, 403) == "extract-mismatch");
  publication = api.signed_publication(good);
  publication.signatures[1].resize(100);
  CHECK(api.refusal(publication, 400) == "cms-malformed");
  publication = api.signed_publication(good);
  publication.signatures[2].back() ^= 1;
  CHECK(api.refusal(publication, 403) == "signature-invalid");
  publication = api.signed_publication(good);
  publication.signatures[2] = signed_by(written(good, ExtractForm::xlsx), extract_key(),
                                        plus_seconds(api.registry.log.clock.now(), 400));
  CHECK(api.refusal(publication, 403) == "signing-time-invalid");
  publication.signatures[2] = sign_cms(written(good, ExtractForm::xlsx), extract_key(),
                                       certificate_for(extract_key(), 1'000'000'000, 1'000'000'001),
                                       api.registry.log.clock.now().value / 1000);
  CHECK(api.refusal(publication, 403) == "signer-certificate-expired");
  CHECK(problem(api.registry.send(HttpMethod::post, "/v1/extracts", "{}"), 400)["code"] ==
        "publication-malformed");
  CHECK(problem(api.registry.send(HttpMethod::post, "/v1/extracts", "x"), 400)["code"] ==
        "json-malformed");
  CHECK(api.publish(good).status == 201);
}

TEST_CASE("extracts: a second version rests on the first and never shows an older list") {
  ExtractApi api;
  const Extract first = api.extract(1, {}, 6);
  REQUIRE(api.publish(first).status == 201);
  api.published_any = true;
  CHECK(api.refusal(api.signed_publication(api.extract(1, {}, 7)), 409) ==
        "extract-version-mismatch");
  CHECK(api.refusal(api.signed_publication(api.extract(2, Hash{}, 7)), 409) ==
        "extract-previous-mismatch");
  CHECK(api.refusal(api.signed_publication(api.extract(2, extract_hash(first), 5)), 409) ==
        "extract-older");
  // What is published anybody can send; the list is not written for that.
  ExtractPublication replayed = api.signed_publication(first);
  replayed.version = 2;
  replayed.previous = extract_hash(first);
  CHECK(problem(api.publish(replayed), 409)["detail"].get<std::string>().find(
            "an earlier version") != std::string::npos);
  CHECK(api.publish(api.extract(2, extract_hash(first), 6)).status == 201);
}

TEST_CASE("extracts: the audit compares every published one with the list at its size") {
  ExtractApi api;
  const Extract first = api.extract(1, {}, 4);
  REQUIRE(api.publish(first).status == 201);
  REQUIRE(api.publish(api.extract(2, extract_hash(first))).status == 201);
  std::map<std::string, Bytes> instead;
  const FetchResource fetch = fetch_from(api, instead);
  const auto policy = TrustPolicy::of_log(log_keys().log.verifier());
  const auto codes = [&] {
    auto extracts = ExtractAudit::open(fetch, api.registry.log.clock.now());
    REQUIRE(extracts.has_value());
    AuditOptions options;
    options.on_entry = [&](const Entry& entry, const Change& change) {
      extracts->on_entry(entry, change);
    };
    const auto report = audit(fetch, policy, options);
    REQUIRE(report.has_value());
    CHECK(report->findings.empty());
    std::string found = std::to_string(extracts->chain().compared.size());
    for (const AuditFinding& finding : extracts->take_findings(report->origin)) {
      found += " " + finding.code;
    }
    return found;
  };
  CHECK(codes() == "2");
  Extract altered = first;
  altered.models[0].model.manufacturer_name = "Other";  // Not under the state root, but in the log.
  for (const ExtractForm form : extract_forms) {
    const std::string path = "v1/extracts/1." + to_string(form);
    instead = {{path, written(altered, form)},
               {path + ".p7s",
                signed_by(written(altered, form), extract_key(), api.registry.log.clock.now())}};
    INFO(path);
    // The second rests on the hash of the first's JSON form.
    CHECK(codes() == (form == ExtractForm::json ? "0 extract-mismatch extract-mismatch"
                                                : "1 extract-mismatch"));
  }
  instead = {{"v1/extracts/2.csv.p7s", *api.registry.get("/v1/extracts/1.csv.p7s").body}};
  CHECK(codes() == "1 signature-invalid");
  instead = {{"v1/extracts?limit=500&after=0",
              "{\"newest\":1,\"extracts\":[{\"version\":2,\"log_size\":10}]}"},
             {"v1/extracts?limit=500&after=1", "{\"newest\":1,\"extracts\":[]}"}};
  CHECK(codes() == "0 extract-missing");
  instead = {{"v1/extracts?limit=500&after=0",
              "{\"newest\":1,\"extracts\":[{\"version\":1,\"log_size\":99}]}"},
             {"v1/extracts?limit=500&after=1", "{\"newest\":1,\"extracts\":[]}"}};
  CHECK(codes() == "0 size-not-found");
  // One that is published is kept back.
  instead = {{"v1/extracts?limit=500&after=0", "{\"newest\":2,\"extracts\":[]}"}};
  CHECK(ExtractAudit::open(fetch, api.registry.log.clock.now()).error().code ==
        "extracts-malformed");
}

TEST_CASE(
    "extracts: an audit that goes on replays all for a new one, and knows the old one again") {
  ExtractApi api;
  std::map<std::string, Bytes> instead;
  const FetchResource fetch = fetch_from(api, instead);
  const auto policy = TrustPolicy::of_log(log_keys().log.verifier());
  AuditLedger ledger;
  // "from 4, 1 extract": where the replay began, and how many are compared; or what was found.
  const auto goes_on = [&] {
    AuditOptions options;
    options.now = api.registry.log.clock.now();
    const auto report = audit_with_extracts(fetch, policy, options, ledger);
    REQUIRE(report.has_value());
    if (!report->findings.empty()) return report->findings[0].code;
    return "from " + std::to_string(report->replayed_from.value) + ", " +
           std::to_string(report->extracts);
  };
  const Extract first = api.extract(1, {}, 4);
  CHECK(goes_on() == "from 0, 0");
  CHECK(ledger.extracts.uncovered_since.has_value());
  CHECK(goes_on() == "from 10, 0");
  REQUIRE(api.publish(first).status == 201);
  CHECK(goes_on() == "from 0, 1");
  CHECK(goes_on() == "from 10, 1");
  REQUIRE(api.publish(api.extract(2, extract_hash(first))).status == 201);
  CHECK(goes_on() == "from 0, 2");
  CHECK_FALSE(ledger.extracts.uncovered_since.has_value());
  api.registry.log.append({addition_note(9)});
  CHECK(goes_on() == "from 10, 2");
  CHECK(ledger.extracts.uncovered_since == api.registry.log.clock.now());

  const AuditLedger sound = ledger;
  instead = {{"v1/extracts/2.json", *api.registry.get("/v1/extracts/1.json").body}};
  CHECK(goes_on() == "extract-rewritten");
  ledger = sound;
  instead = {{"v1/extracts?limit=500&after=0",
              "{\"newest\":1,\"extracts\":[{\"version\":1,\"log_size\":4}]}"},
             {"v1/extracts?limit=500&after=1", "{\"newest\":1,\"extracts\":[]}"}};
  CHECK(goes_on() == "extract-missing");
}

}  // namespace cpl::testing::extracts_test
