// What the API is given: its names to the outside, what it keeps, whom it knows, and its limits.
#pragma once

#include "api/accounts/answer_book.hpp"
#include "api/accounts/journal.hpp"
#include "api/accounts/party_book.hpp"
#include "api/accounts/report_book.hpp"
#include "api/feed/stream_limits.hpp"
#include "api/http/rate_limiter.hpp"
#include "api/routes/desk_metrics.hpp"
#include "api/routes/operation.hpp"
#include "api/routes/tray.hpp"
#include "notifier/cosign/cosigner.hpp"
#include "notifier/mail/channel.hpp"
#include "registry/base/fault_teller.hpp"
#include "registry/shelf/deployed_shelf.hpp"
#include "registry/shelf/extract_shelf.hpp"
#include "registry/shelf/opening_shelf.hpp"

namespace cpl {

struct PageOptions {
  bool enabled = true;
  std::string name = "Certified Products List registry";
  std::string help_contact = {};  // As people are told it: an address, a telephone number.
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
  // How the witnesses fare; empty where none are asked.
  std::function<CosignerStats()> cosigning{};
  StreamLimits::Options stream_limits = {};
  std::shared_ptr<ExtractShelf> extracts = nullptr;   // Null: none are published here.
  std::shared_ptr<DeployedShelf> deployed = nullptr;  // Null: no counts are kept here.
  std::shared_ptr<OpeningShelf> openings = nullptr;   // Null: none are kept here.
  DeskOptions desk = {};
  std::shared_ptr<AnswerBook> answers = nullptr;  // Null: nothing is made over the API here.
  MailChannel* mail = nullptr;                    // Null: no mail is sent. Outlives the API.
  FaultTeller::Tell tell_fault{};
  std::shared_ptr<ReportBook> reports = nullptr;  // Null: none are taken here.
  // So many threads do what takes long, so that it holds up nobody else. 0: it is done at once.
  unsigned read_threads = 0;
  std::optional<Hash> metrics_token_sha256{};  // May read figures and reasons, and do nothing.
  std::shared_ptr<Journal> journal = nullptr;  // Null: none is kept.
  PageOptions pages = {};
  std::shared_ptr<TrayBook> tray = nullptr;  // Null: no half-signed statements are kept here.
  std::vector<TrayHolder> tray_holders = {};
};

}  // namespace cpl
