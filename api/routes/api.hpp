// The HTTP API as a function from a request to an answer: no socket, no framework. Reads go to the
// newest published view of the log and never wait for a write.
#pragma once

#include <atomic>
#include <thread>

#include "api/accounts/answer_book.hpp"
#include "api/accounts/journal.hpp"
#include "api/accounts/party_book.hpp"
#include "api/accounts/report_book.hpp"
#include "api/feed/changes.hpp"
#include "api/feed/stream_limits.hpp"
#include "api/http/problem.hpp"
#include "api/http/rate_limiter.hpp"
#include "api/http/response_cache.hpp"
#include "api/routes/desk_board.hpp"
#include "api/routes/idempotency.hpp"
#include "api/routes/read_pool.hpp"
#include "notifier/mail/channel.hpp"
#include "notifier/run/notifier.hpp"
#include "registry/base/fault_teller.hpp"
#include "registry/log/sequencer.hpp"
#include "registry/shelf/extract_shelf.hpp"
#include "registry/shelf/opening_shelf.hpp"

namespace cpl {

struct BackupMade {
  std::string folder;  // On the service's machine.
  TreeSize size;
};

struct ApiOptions {
  std::string public_url;    // Where readers find this API: "https://cpl.example".
  std::string problem_base;  // What the types of problem documents start with.
  EventOptions events;
  NoteVerifier log_key;
  std::shared_ptr<PartyBook> parties;  // Who may keep subscriptions. Null: nobody.
  // Whether deliveries may go to this URL at all.
  std::function<Result<void>(const std::string&)> check_target;
  std::size_t cache_octets_max = 32U << 20U;
  RateLimiter::Options statement_rate;
  // Makes a backup and says where; empty where none is configured.
  std::function<Result<BackupMade>()> make_backup{};
  std::optional<Hash> operator_token_sha256{};
  // What is published where witnesses cosign; empty: the newest view of the log.
  ViewSource published{};
  StreamLimits::Options stream_limits = {};
  std::shared_ptr<ExtractShelf> extracts = nullptr;  // Null: none are published here.
  std::shared_ptr<OpeningShelf> openings = nullptr;  // Null: none are kept here.
  DeskOptions desk = {};
  std::shared_ptr<AnswerBook> answers = nullptr;  // Null: nothing is made over the API here.
  MailChannel* mail = nullptr;                    // Null: no mail is sent. Outlives the API.
  FaultTeller::Tell tell_fault{};
  std::shared_ptr<ReportBook> reports = nullptr;  // Null: none are taken here.
  // So many threads do what takes long, so that it holds up nobody else. 0: it is done at once.
  unsigned read_threads = 0;
  std::optional<Hash> metrics_token_sha256{};  // May read figures and reasons, and do nothing.
  std::shared_ptr<Journal> journal = nullptr;  // Null: none is kept.
};

class Api {
 public:
  // The references outlive the API.
  Api(Log& log, Sequencer& sequencer, Notifier& notifier, const Clock& clock, ApiOptions options);

  void handle(HttpRequest request, HttpReply reply);  // Any thread; `reply` runs exactly once.

  ~Api() { finish(); }
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  // Waits for what is in hand on threads of its own, and for its reply: an extract's publication,
  // long reads. What waits for those is dropped.
  void finish();

  // More lines for /metrics, from the server that owns the sockets.
  void set_extra_metrics(std::function<std::string()> extra) { extra_metrics_ = std::move(extra); }

 private:
  using Path = std::span<const std::string>;
  struct Read;  // One request with the view that it is answered from.
  using Work = std::function<Result<void>(const Answer& answer)>;

  // The error as an answer; the operator is told of what is a fault here.
  HttpResponse problem(const Error& error) const;
  // That no statements are taken, for those outside: why is for those who look after the service.
  std::optional<Error> refusal() const;
  void mark_not_ready(HttpResponse& response) const;
  void answer(const HttpRequest& request, const HttpReply& reply);
  std::optional<HttpResponse> kept(const HttpRequest& request) const;
  HttpResponse read(const HttpRequest& request);
  std::optional<HttpResponse> refuse_method(const HttpRequest& request) const;
  std::optional<HttpResponse> refuse_query(const HttpRequest& request) const;
  HttpResponse options(const HttpRequest& request, bool is_personal) const;
  Result<HttpResponse> route(const Read& read) const;
  Result<HttpResponse> route_log(const Read& read) const;
  Result<HttpResponse> route_v1(const Read& read, Path path) const;

  Result<HttpResponse> check_statement(const HttpRequest& request);
  Result<HttpResponse> get_entries(const Read& read) const;
  Result<HttpResponse> get_charter(const Read& read) const;
  Result<HttpResponse> get_entry(const Read& read, Path path) const;
  Result<HttpResponse> get_entry_evidence(const Read& read, EntryIndex index) const;
  Result<HttpResponse> get_models(const Read& read) const;
  Result<HttpResponse> get_model(const Read& read, Path path) const;
  Result<HttpResponse> get_model_evidence(const Read& read, const ModelId& id) const;
  Result<HttpResponse> get_notices(const Read& read) const;
  Result<HttpResponse> get_notice(const Read& read, Path path) const;
  Result<HttpResponse> get_decisions(const Read& read, Path path) const;
  Result<HttpResponse> get_meetings(const Read& read, Path path) const;
  HttpResponse changes(const HttpRequest& request);
  Result<HttpResponse> get_changes(const Read& read) const;
  Result<HttpResponse> get_change_lines(const Read& read) const;
  Result<HttpResponse> get_change_stream(const Read& read) const;
  Result<HttpResponse> get_feed(const Read& read) const;
  Result<HttpResponse> get_feed_archive(const Read& read, Path path) const;
  Result<HttpResponse> get_extract(const Read& read, const std::string& name) const;
  Result<HttpResponse> get_extracts(const Read& read) const;
  Result<HttpResponse> get_verdict(const Read& read, EntryIndex notice) const;

  HttpResponse consent(const HttpRequest& request);
  HttpResponse unsubscribe(const HttpRequest& request);

  void post_statement(const HttpRequest& request, HttpReply reply);
  void post_statement_batch(const HttpRequest& request, HttpReply reply);
  void count_answer(const Result<Accepted>& accepted);
  void post_extract(const HttpRequest& request, HttpReply reply);
  void publish_extract(const ExtractPublication& next, const HttpReply& reply);
  HttpResponse accepted_response(const Accepted& accepted, const Hash& id) const;
  // Runs `work`, which answers exactly once if it succeeds; but where the client sends again what
  // it sent before under the same Idempotency-Key, the first answer is given again.
  Result<HttpResponse> once(const HttpRequest& request, const std::string& principal,
                            const Work& work);
  HttpResponse subscriptions(const HttpRequest& request);
  Result<HttpResponse> route_subscriptions(const HttpRequest& request);
  HttpResponse list_subscriptions(const PartyId& owner) const;
  Result<void> create_subscription(const HttpRequest& request, const PartyId& owner,
                                   const Answer& answer);
  Result<HttpResponse> change_subscription(const HttpRequest& request, const PartyId& owner);
  Result<HttpResponse> retire_subscription(const HttpRequest& request, const PartyId& owner);
  Result<HttpResponse> preview_subscription(const HttpRequest& request, const PartyId& owner);
  Result<HttpResponse> act_on_subscription(const HttpRequest& request, const PartyId& owner);
  Result<void> rotate_keys(const HttpRequest& request, const PartyId& owner, const Answer& answer);
  Result<void> send_test(const HttpRequest& request, const PartyId& owner, const Answer& answer);
  Result<void> replay_from(const HttpRequest& request, const PartyId& owner, const Answer& answer);
  Result<HttpResponse> confirm_mailbox(const HttpRequest& request, const PartyId& owner);
  Result<HttpResponse> get_deliveries(const HttpRequest& request, const PartyId& owner) const;
  HttpResponse subscription_response(const Subscription& subscription) const;
  HttpResponse response_with_keys(unsigned status, const Subscription& subscription) const;
  HttpResponse openings(const HttpRequest& request);
  Result<HttpResponse> route_operator_openings(const HttpRequest& request);
  Result<HttpResponse> get_openings(const HttpRequest& request) const;
  HttpResponse parties(const HttpRequest& request);
  Result<HttpResponse> route_parties(const HttpRequest& request);
  HttpResponse reports(const HttpRequest& request);
  Result<HttpResponse> route_reports(const HttpRequest& request);
  Result<HttpResponse> route_operator_reports(const HttpRequest& request);
  Result<HttpResponse> post_backup(const HttpRequest& request) const;
  HttpResponse act_as_operator(const HttpRequest& request);
  HttpResponse recorded(const HttpRequest& request, const std::function<HttpResponse()>& act) const;
  Result<void> record_opening_read(const HttpRequest& request, const PartyId& reader) const;
  Result<HttpResponse> get_journal(const HttpRequest& request) const;
  Result<PartyId> authenticate(const HttpRequest& request) const;
  Result<void> authenticate_operator(const HttpRequest& request) const;
  bool looks_after_us(const HttpRequest& request) const;
  HttpResponse readiness(const HttpRequest& request) const;
  HttpResponse metrics_for(const HttpRequest& request) const;
  std::string metrics() const;

  Log& log_;  // Constant after construction, as are the next four.
  Sequencer& sequencer_;
  Notifier& notifier_;
  const Clock& clock_;
  const ApiOptions options_;
  const ViewSource published_;
  std::function<std::string()> extra_metrics_;

  // Any thread may use the next eight.
  mutable FaultTeller faults_;
  mutable EventFeed feed_;
  mutable StreamLimits stream_limits_;
  mutable DeskBoard desk_;
  ResponseCache cache_;
  RateLimiter statement_rate_;
  RateLimiter unsigned_rate_{{.per_second = 5, .burst = 50, .addresses_max = 10'000}};
  // Each reading of openings is written down.
  mutable RateLimiter opening_rate_{{.per_second = 10, .burst = 1'000, .addresses_max = 10'000}};
  std::atomic<std::uint64_t> statements_accepted_{0};
  std::atomic<std::uint64_t> statements_repeated_{0};
  std::atomic<std::uint64_t> statements_refused_{0};

  const std::unique_ptr<ReadPool> reads_;  // May be null.
  std::mutex publisher_mutex_;
  std::thread publisher_;  // Guarded by publisher_mutex_.
  std::atomic<bool> publishing_{false};
};

}  // namespace cpl
