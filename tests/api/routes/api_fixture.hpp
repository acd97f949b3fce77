// A registry behind its API, with no socket and no thread, for the tests of the routes.
#pragma once

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "api/routes/api.hpp"
#include "tests/api/routes/stored_party.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing {

inline constexpr std::string_view party_token = "the token of a Party";
inline constexpr std::string_view operator_token = "the token of the operator";
inline constexpr std::string_view metrics_token = "the token that reads metrics";
inline constexpr std::string_view other_token = "the token of another";

// Receivers that want and take everything; they are asked when a test has the notifier run.
class EagerTransport final : public Transport {
 public:
  std::function<void(const OutgoingMessage&)> on_send;  // Set before anything is sent.
  unsigned status = 200;                                // Of every answer.

  void send(OutgoingMessage message, Done done) override {
    if (on_send) on_send(message);
    Delivered answer;
    answer.status = status;
    answer.allowed_origin = "*";
    answer.content_type = "application/json";
    if (!message.body.empty()) {
      const Json data = Json::parse(message.body)["data"];
      answer.body = Json{{"challenge", data.value("challenge", "")}}.dump();
    }
    done(answer);
  }
};

inline ApiOptions api_options() {
  ApiOptions options{"https://cpl.example",
                     "https://cpl.example/problems/",
                     {"https://cpl.example/log", "example.cpl"},
                     log_keys().log.verifier(),
                     {},
                     {},
                     1U << 20U,
                     {}};
  options.statement_rate.burst = 100;
  options.statement_rate.per_second = 1;
  options.stream_limits = {.streams_max = 6, .streams_per_address_max = 4};
  options.operator_token_sha256 = sha256(operator_token);
  options.metrics_token_sha256 = sha256(metrics_token);
  return options;
}

// A registry behind its API, with no socket and no thread: the test orders the batches itself.
class TestApi {
 public:
  explicit TestApi(ReportBook::Limits report_limits = {},
                   const std::string& public_url = "https://cpl.example") {
    auto opened_shelf = OpeningShelf::open(folder_.path() / "openings");
    REQUIRE(opened_shelf);
    const std::shared_ptr<OpeningShelf> shelf = *std::move(opened_shelf);
    NotifierOptions notices{{"https://cpl.example/log", "example.cpl"}, "cpl.example"};
    notices.events.entries_address = "https://cpl.example/v1/entries/";
    notices.openings = shelf;
    auto opened = Notifier::open(
        store_, [this] { return log->view(); }, transport, log.clock, std::string(32, 'k'),
        notices);
    REQUIRE(opened);
    notifier = *std::move(opened);
    sequencer = std::make_unique<Sequencer>(*log, Sequencer::Options{}, [] {});
    ApiOptions options = api_options();
    options.public_url = public_url;
    store_party(store_, "party", party_token);
    store_party(store_, "other", other_token);
    auto book = PartyBook::open(store_, log.clock, {});
    REQUIRE(book);
    options.parties = *std::move(book);
    auto reports = ReportBook::open(store_, log.clock, report_limits);
    REQUIRE(reports);
    options.reports = *std::move(reports);
    auto remembered = AnswerBook::open(store_, log.clock, std::string(32, 'k'), {});
    REQUIRE(remembered);
    options.answers = *std::move(remembered);
    options.openings = shelf;
    options.tell_fault = [this](const std::string& sentence) { told.push_back(sentence); };
    api = std::make_unique<Api>(*log, *sequencer, *notifier, log.clock, std::move(options));
  }

  HttpResponse send(HttpMethod method, const std::string& target, const Bytes& body = {},
                    std::string_view token = {}, std::string_view accept_encoding = {}) {
    std::vector<std::pair<std::string, std::string>> headers;
    if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + std::string(token));
    if (!accept_encoding.empty()) headers.emplace_back("Accept-Encoding", accept_encoding);
    // Clients that care for nothing of the kind: each request is another, and changes what it
    // finds.
    if (method == HttpMethod::post) {
      headers.emplace_back("Idempotency-Key", "\"" + std::to_string(++keys_) + "\"");
    }
    const bool changes = method == HttpMethod::patch || method == HttpMethod::delete_;
    if (changes) headers.emplace_back("If-Match", "*");
    return send_with(method, target, headers, body);
  }

  HttpResponse send_with(HttpMethod method, const std::string& target,
                         const std::vector<std::pair<std::string, std::string>>& headers,
                         const Bytes& body = {}) {
    HttpRequest request;
    const auto parsed = parse_target(target);
    REQUIRE(parsed);
    request.method = method;
    request.target = target;
    request.segments = parsed->segments;
    request.query = parsed->query;
    request.body = body;
    request.peer = "192.0.2.1";
    request.client_certificate_subject = client_certificate;
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    std::optional<HttpResponse> answered;
    api->handle(std::move(request), [&](HttpResponse response) {
      REQUIRE_FALSE(answered);
      answered = std::move(response);
    });
    sequencer->run_once();
    api->finish();
    REQUIRE(answered);
    return *std::move(answered);
  }

  HttpResponse get(const std::string& target) { return send(HttpMethod::get, target); }
  Bytes metrics() {
    const HttpResponse response = send(HttpMethod::get, "/metrics", {}, metrics_token);
    REQUIRE(response.status == 200);
    return *response.body;
  }
  // As whoever looks after the service is told.
  HttpResponse readiness() { return send(HttpMethod::get, "/readyz", {}, metrics_token); }
  HttpResponse get_with(const std::string& target, const std::string& name,
                        const std::string& value) {
    return send_with(HttpMethod::get, target, {{name, value}});
  }
  Json get_json(const std::string& target) {
    const HttpResponse response = get(target);
    INFO(target << ": " << *response.body);
    REQUIRE(response.status == 200);
    return Json::parse(*response.body);
  }
  HttpResponse post(const Bytes& note) {
    log.clock.advance(1000);
    return send(HttpMethod::post, "/v1/statements", note);
  }

  void spoil(const Bytes& key) {
    WriteBatch batch;
    batch.put(key, "not what was written");
    REQUIRE(store_.commit(batch, Durability::synced));
  }
  void lose(const Bytes& key) {
    WriteBatch batch;
    batch.deletes.push_back(key);
    REQUIRE(store_.commit(batch, Durability::synced));
  }

  std::filesystem::path openings_folder() const { return folder_.path() / "openings"; }

 private:
  std::uint64_t keys_ = 0;
  TemporaryFolder folder_;
  MemoryStore store_;

 public:
  EagerTransport transport;
  TestLog log{store_};
  std::vector<std::string> told;   // To the operator, of faults.
  std::string client_certificate;  // The subject that requests come with.
  std::unique_ptr<Notifier> notifier;
  std::unique_ptr<Sequencer> sequencer;
  std::unique_ptr<Api> api;
};

inline std::string header(const HttpResponse& response, std::string_view name) {
  for (const auto& [field, value] : response.headers) {
    if (field == name) return value;
  }
  return "";
}

// The problem document of an answer.
inline Json problem(const HttpResponse& response, unsigned status) {
  CHECK(response.status == status);
  CHECK(header(response, "Content-Type") == "application/problem+json");
  const Json json = Json::parse(*response.body);
  CHECK(json["status"] == status);
  CHECK(json["type"] == "https://cpl.example/problems/" + json["code"].get<std::string>());
  CHECK_FALSE(json["detail"].get<std::string>().empty());
  return json;
}

}  // namespace cpl::testing
