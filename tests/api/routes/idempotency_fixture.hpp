// A service whose requests that make something are sent twice, and that may end in between.
#pragma once

#include "registry/store/keyspace.hpp"
#include "tests/api/routes/api_fixture.hpp"
#include "tests/registry/store/fault_store.hpp"

namespace cpl::testing {

using Headers = std::vector<std::pair<std::string, std::string>>;

inline const std::string subscriptions = "/v1/subscriptions";
inline const std::string parties = "/v1/operator/parties";
inline const std::string reports = "/v1/reports";
inline const Bytes report_body =
    R"({"model": ")" + small_id(2).text() + R"(", "text": "It is wrong."})";
inline const Bytes wish = R"({"url": "https://party.example/hooks"})";
inline constexpr std::uint64_t hour_millis = 3'600'000;

// A service that may end at any commit and start again on what its store holds.
class Service {
 public:
  explicit Service(AnswerBook::Limits limits = {}, Bytes master_key = Bytes(32, 'k'))
      : limits_(limits), master_key_(std::move(master_key)) {
    log.append(story_notes());
    start();
  }

  void start() {
    stop();
    auto opened = Notifier::open(store, [this] { return log.view(); }, transport_, log.clock,
                                 master_key_, {{"https://cpl.example/log", "example.cpl"}, "x"});
    REQUIRE(opened);
    notifier = *std::move(opened);
    sequencer_ = std::make_unique<Sequencer>(*log, Sequencer::Options{}, [] {});
    ApiOptions options = api_options();
    options.operator_token_sha256 = sha256(operator_token);
    store_party(store, "party", party_token);
    store_party(store, "other", other_token);
    auto book = PartyBook::open(store, log.clock, {});
    REQUIRE(book);
    options.parties = *std::move(book);
    auto opened_reports = ReportBook::open(store, log.clock, {});
    REQUIRE(opened_reports);
    options.reports = *std::move(opened_reports);
    auto opened_answers = AnswerBook::open(store, log.clock, master_key_, limits_);
    REQUIRE(opened_answers);
    answers = options.answers = *std::move(opened_answers);
    api_ = std::make_unique<Api>(*log, *sequencer_, *notifier, log.clock, std::move(options));
  }
  void stop() {
    api_.reset();
    answers.reset();
    sequencer_.reset();
    notifier.reset();
  }
  void change_master_key() { master_key_ = Bytes(32, 'n'); }

  HttpResponse send(const std::string& target, const Bytes& body, std::string_view token,
                    const Headers& headers) {
    HttpRequest request;
    const auto parsed = parse_target(target);
    REQUIRE(parsed);
    request.method = HttpMethod::post;
    request.target = target;
    request.segments = parsed->segments;
    request.body = body;
    request.peer = "192.0.2.1";
    request.headers.add("Authorization", "Bearer " + std::string(token));
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    HttpResponse answered;
    api_->handle(std::move(request),
                 [&](HttpResponse response) { answered = std::move(response); });
    return answered;
  }
  HttpResponse post(const std::string& target, const Bytes& body, const std::string& key,
                    std::string_view token = party_token) {
    return send(target, body, token, {{"Idempotency-Key", key}});
  }
  std::string code(const std::string& target, const Bytes& body, const std::string& key,
                   unsigned status, std::string_view token = party_token) {
    return problem(post(target, body, key, token), status)["code"].get<std::string>();
  }
  std::size_t owned(const std::string& owner = "party") const {
    return notifier->of_owner(owner).size();
  }
  std::vector<KeyValue> rows(const Bytes& letter = "a") const {
    const auto found = memory.snapshot()->scan(letter, keyspace::end_of(letter), 100'000);
    REQUIRE(found);
    return *found;
  }

  MemoryStore memory;
  FaultStore store{memory};
  TestLog log{store};
  std::unique_ptr<Notifier> notifier;
  std::shared_ptr<AnswerBook> answers;

 private:
  const AnswerBook::Limits limits_;
  Bytes master_key_;
  EagerTransport transport_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<Api> api_;
};

inline bool is_replayed(const HttpResponse& response) {
  return header(response, "Idempotency-Replayed") == "true";
}

// The same but for the header that says so.
inline void check_replayed(HttpResponse again, const HttpResponse& first) {
  CHECK(is_replayed(again));
  CHECK_FALSE(is_replayed(first));
  std::erase_if(again.headers,
                [](const auto& field) { return field.first == "Idempotency-Replayed"; });
  CHECK(again.status == first.status);
  CHECK(again.headers == first.headers);
  CHECK(*again.body == *first.body);
}

}  // namespace cpl::testing
