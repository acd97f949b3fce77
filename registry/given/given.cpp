#include "registry/given/given.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/plain_text.hpp"
#include "registry/base/file_kind.hpp"
#include "registry/event/event.hpp"
#include "registry/event/event_check.hpp"
#include "registry/evidence/asked.hpp"
#include "registry/statement/statement.hpp"
#include "registry/tlog/inclusion.hpp"

namespace cpl {
namespace {

constexpr std::size_t event_size_max = 256U << 10U;
constexpr std::string_view statement_begin = "cpl/statement/v1\n";
constexpr std::string_view tlog_proof_begin = "c2sp.org/tlog-proof@";

bool is_event(BytesView content) {
  if (content.size() > event_size_max || !content.starts_with('{')) return false;
  const auto json = parse_json(content);
  return json && json->contains("specversion");
}

PlainOpinion refused(const Error& error) {
  PlainOpinion opinion;
  opinion.code = error.code;
  opinion.sentence = error.detail;
  return opinion;
}

// Held to what was expected of it; nothing is where nothing was.
Result<void> check_expected(const Given& given, std::string_view what, const std::string& subject) {
  if (given.expect.empty()) return {};
  return check_about(TRY(parse_asked(given.expect)), what, subject);
}

Result<Opinion> judge_evidence(const Given& given, const TrustPolicy& policy,
                               const JudgeOptions& options) {
  Verdict verdict = judge_file(given.content, policy, options);
  if (!given.expect.empty()) bind(verdict, TRY(parse_asked(given.expect)));
  return Opinion(std::move(verdict));
}

Result<void> expect_extract(const Given& given, const ExtractHeader& header) {
  if (given.expect.empty()) return {};
  TRY_VOID(check_expected(given, "extract", std::to_string(header.version)));
  const Asked asked = TRY(parse_asked(given.expect));
  if (!asked.size || *asked.size == header.log_size) return {};
  return Error{Errc::unauthorized, "evidence-mismatch",
               "it is of log size " + std::to_string(header.log_size.value) +
                   ", and another was asked about"};
}

Result<Opinion> judge_given_extract(Given given, const TrustPolicy& policy,
                                    const JudgeOptions& options) {
  const ExtractFiles files{std::move(given.content), std::move(given.signature),
                           std::move(given.extract_proof)};
  ExtractVerdict verdict = judge_extract(files, policy, options, given.held);
  if (verdict.header) {
    const auto fits = expect_extract(given, *verdict.header);
    if (!fits) return Opinion(refused(fits.error()));
  }
  return Opinion(std::move(verdict));
}

// What a believed event shows, before what it says.
std::string what_holds(const Json& event, const Told& told) {
  if (told.sequence) return "entry " + std::to_string(told.sequence->value) + " is in the log";
  const auto type = event.find("type");
  const bool is_ending = type != event.end() && type->is_string() &&
                         type->get<std::string>().ends_with(cover_ending_kind);
  if (!is_ending) return "the checkpoint is the log's";
  return "the log gave the model that certificate, which this is the day to tell of; whether it "
         "was "
         "renewed since, the list says";
}

// As it was delivered, on whichever channel.
Result<Opinion> judge_event(const Given& given, const TrustPolicy& policy) {
  EventChecker checker(policy);
  const Json event = TRY(parse_json(given.content));
  const auto told = checker.check(event);
  if (!told) return Opinion(refused(told.error()));
  const std::string number = told->sequence ? std::to_string(told->sequence->value) : "none";
  if (const auto fits = check_expected(given, "entry", number); !fits) {
    return Opinion(refused(fits.error()));
  }
  PlainOpinion opinion;
  opinion.outcome = Outcome::valid;
  opinion.sentence = what_holds(event, *told) + ": " + told->summary;
  opinion.cursor = told->cursor;
  return Opinion(std::move(opinion));
}

// The entry itself: given by itself, or along with the proof.
Result<Bytes> entry_of(const TlogProof& proof, const Given& given) {
  if (given.entry) return *given.entry;
  if (proof.extra && !proof.extra->empty()) return *proof.extra;
  const std::string index = std::to_string(proof.index.value);
  return malformed("entry-missing", given.name + " proves entry " + index +
                                        " and does not hold it: name its file by --entry "
                                        "(it is at /v1/entries/" +
                                        index + "/leaf)");
}

// "entry 1503 (decision, 2026-07-09T10:15:30Z)"
Result<std::string> describe(const TlogProof& proof, const Inclusion& found) {
  if (!found.entry) {
    return "record " + std::to_string(proof.index.value) + " (which is no entry of a registry)";
  }
  const Entry& entry = *found.entry;
  const Note note = TRY(parse_note(entry.statement));
  return "entry " + std::to_string(entry.index.value) + " (" +
         std::string(TRY(parse_statement(note.text)).type()) + ", " + format_time(entry.time) + ")";
}

// That one entry is in the log is all that is judged.
Result<Opinion> judge_tlog_proof(const Given& given, const TrustPolicy& policy,
                                 const JudgeOptions& options) {
  const auto proof = parse_tlog_proof(given.content);
  if (!proof) return Opinion(refused(proof.error()));
  if (const auto fits = check_expected(given, "entry", std::to_string(proof->index.value)); !fits) {
    return Opinion(refused(fits.error()));
  }
  const auto found = check_inclusion(*proof, TRY(entry_of(*proof, given)), policy);
  if (!found) return Opinion(refused(found.error()));
  const TrustedCheckpoint& trusted = found->trusted;
  PlainOpinion opinion;
  opinion.outcome = Outcome::valid;
  opinion.sentence = TRY(describe(*proof, *found)) + " is in the log at size " +
                     std::to_string(trusted.checkpoint.size.value) + ", signed by " +
                     trusted.log_key_name;
  if (trusted.witness_time) {
    opinion.sentence += ", cosigned by " + counted(trusted.cosigned.size(), "witness") + " at " +
                        format_time(witness_time_millis(*trusted.witness_time));
    if (is_stale(*trusted.witness_time, options.witness_age_seconds_max, options.now)) {
      opinion.outcome = Outcome::valid_stale;
    }
  }
  opinion.entry = proof->index;
  opinion.size = trusted.checkpoint.size;
  return Opinion(std::move(opinion));
}

}  // namespace

Result<TrustPolicy> policy_given(const std::string& name, BytesView text) {
  if (const auto damage = damage_of(text, LineEnds::lf_only)) return file_damaged(name, *damage);
  auto policy = TrustPolicy::parse(text);
  if (!policy) return within(name, policy.error());
  return policy;
}

Result<GivenKind> kind_of_given(const std::string& name, BytesView content) {
  const auto form = extract_form_of(content);
  if (!form) {
    const auto line_ends = content.starts_with('{') ? LineEnds::any : LineEnds::lf_only;
    if (const auto damage = damage_of(content, line_ends)) return file_damaged(name, *damage);
  }
  if (content.starts_with(tlog_proof_begin)) return GivenKind::tlog_proof;
  if (content.starts_with(statement_begin)) {
    return malformed("evidence-malformed", name +
                                               " is a statement, and proves nothing by itself: cpl "
                                               "show shows it, cpl prove fetches evidence");
  }
  if (is_event(content)) return GivenKind::event;
  return form ? GivenKind::extract : GivenKind::evidence;
}

Result<Opinion> judge_given(GivenKind kind, Given given, const TrustPolicy& policy,
                            const JudgeOptions& options) {
  switch (kind) {
    case GivenKind::evidence:
      return judge_evidence(given, policy, options);
    case GivenKind::extract:
      return judge_given_extract(std::move(given), policy, options);
    case GivenKind::event:
      return judge_event(given, policy);
    case GivenKind::tlog_proof:
      return judge_tlog_proof(given, policy, options);
  }
  return judge_evidence(given, policy, options);
}

Json to_json(const PlainOpinion& opinion) {
  Json json = {{"verdict", to_string(opinion.outcome)}, {"sentence", opinion.sentence}};
  if (!opinion.code.empty()) json["code"] = opinion.code;
  if (opinion.cursor) json["cursor"] = opinion.cursor->value;
  if (opinion.entry) {
    json["entry"] = opinion.entry->value;
    json["size"] = opinion.size.value;
  }
  return json;
}

Json to_json(const Opinion& opinion) {
  return std::visit([](const auto& is) { return to_json(is); }, opinion);
}

}  // namespace cpl
