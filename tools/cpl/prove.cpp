// cpl prove: evidence fetched, judged here, and held to what was asked.
#include <iostream>

#include "api/feed/filter_query.hpp"
#include "crypto/encoding.hpp"
#include "registry/tlog/entry.hpp"
#include "registry/tlog/inclusion.hpp"
#include "tools/cpl/asked_evidence.hpp"
#include "tools/cpl/time_options.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

struct ProveOptions {
  std::string subject;
  AtOptions at;
  std::string policy;
  std::string out = "-";
  std::uint64_t age_seconds_max = 86'400;
  bool tlog_proof = false;
};

// A notice or a decision by its entry's number, a model by its id.
std::string evidence_path(const ProveOptions& options, const Asked& asked) {
  if (from_decimal(options.subject)) return "/v1/entries/" + options.subject + "/evidence";
  std::string path = "/v1/models/" + options.subject + "/evidence";
  if (asked.size) path += "?at=" + std::to_string(asked.size->value);
  if (asked.time) path += "?time=" + percent_encode(format_time(*asked.time));
  return path;
}

// Questions about a time are in seconds.
UnixMillis whole_second(UnixMillis time) { return UnixMillis{time.value / 1000 * 1000}; }

// Of a removed model, that its removal is genuine, is as good as how it is now.
Result<Asked> asked_by(const Cli& cli, const ProveOptions& options) {
  if (from_decimal(options.subject)) return Asked{{"notice", "decision"}, options.subject, {}, {}};
  const ModelId model = TRY(ModelId::parse(options.subject));
  Asked asked{{"model"}, model.text(), {}, {}};
  if (options.at.size) asked.size = TreeSize{*options.at.size};
  if (!options.at.time.empty()) {
    asked.time = whole_second(TRY(read_at_time(options.at.time, cli.clock.now())));
  }
  if (!asked.size && !asked.time) asked.what.emplace_back("removal");
  return asked;
}

using Policy = std::optional<TrustPolicy>;

Result<Policy> policy_if_named(const ProveOptions& options) {
  if (options.policy.empty()) return Policy();
  return Policy(TRY(read_policy_file(options.policy)));
}

// That an entry is in the log, with the entry itself where others' readers take so long a line.
Result<Bytes> fetch_tlog_proof(const HttpClient& client, const ProveOptions& options,
                               const Policy& policy) {
  const auto number = from_decimal(options.subject);
  if (!number) {
    return malformed("entry-malformed", "--tlog-proof proves an entry: give its number");
  }
  const std::string path = "/v1/entries/" + options.subject;
  Bytes leaf = TRY(client.get(path + "/leaf", entry_size_max)).body;
  TlogProof proof = TRY(parse_tlog_proof(TRY(client.get(path + "/proof", note_answer_max)).body));
  TRY_VOID(check_about({{"entry"}, options.subject, {}, {}}, "entry",
                       std::to_string(proof.index.value)));
  if (policy) {
    TRY(check_inclusion(proof, leaf, *policy));
  } else if (TRY(parse_entry(leaf)).index != proof.index) {
    return Error{Errc::unauthorized, "evidence-mismatch",
                 "the registry's leaf is not that of entry " + options.subject};
  }
  if (leaf.size() <= tlog_proof_extra_max) proof.extra = std::move(leaf);
  return format_tlog_proof(proof);
}

// What can be told of evidence whose signature nobody here can check.
Result<void> check_unsigned(BytesView file, const Asked& asked) {
  const Evidence evidence = TRY(parse_evidence(file));
  TRY_VOID(check_about(asked, word_of(evidence.question), evidence.subject));
  const std::uint64_t size = TRY(parse_entry(evidence.last.leaf)).index.value + 1;
  if (!asked.size || asked.size->value == size) return {};
  return Error{Errc::unauthorized, "evidence-mismatch",
               "it is of log size " + std::to_string(size) + ", and another was asked about"};
}

struct Proof {
  Bytes file;
  std::optional<Verdict> verdict;  // Where a policy says whom to believe.
};

Result<Proof> fetch_proof(const Cli& cli, const ProveOptions& options) {
  const Policy policy = TRY(policy_if_named(options));
  const HttpClient client = cli.client();
  if (options.tlog_proof) return Proof{TRY(fetch_tlog_proof(client, options, policy)), {}};
  const Asked asked = TRY(asked_by(cli, options));
  const std::string path = evidence_path(options, asked);
  if (policy) {
    JudgedEvidence judged = TRY(
        fetch_evidence(client, path, asked, *policy, cli.judge_options(options.age_seconds_max)));
    return Proof{std::move(judged.file), std::move(judged.verdict)};
  }
  Proof proof{TRY(client.get(path, evidence_size_max)).body, {}};
  TRY_VOID(check_unsigned(proof.file, asked));
  return proof;
}

std::string fetched_text(const ProveOptions& options, const Proof& proof) {
  const std::string where = options.out == "-" ? "standard output" : options.out;
  std::string text = "evidence in " + where + ", " + std::to_string(proof.file.size()) +
                     " bytes; cpl verify checks it without a server";
  if (proof.verdict) {
    return text + "\nit says " + to_string(proof.verdict->outcome) + ": " +
           printable(in_uk_time(proof.verdict->sentence));
  }
  if (!options.policy.empty()) return text;
  return text + "\nnot judged here: no trust policy says whom to believe (--policy or CPL_POLICY)";
}

// Evidence that is there already is written over, since it can be fetched again.
bool is_evidence(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) return false;
  const auto there = read_file(path, evidence_size_max);
  return there && (parse_evidence(*there) || parse_tlog_proof(*there));
}

// What does not answer the question, or proves nothing, is not written.
Result<void> prove(Cli& cli, const ProveOptions& options) {
  if (!is_evidence(options.out)) TRY_VOID(cli.check_save(options.out));
  const Proof proof = TRY(fetch_proof(cli, options));
  if (proof.verdict && !is_proven(*proof.verdict)) {
    tell_verdict(cli, *proof.verdict, "\nnothing was written");
    return {};
  }
  TRY_VOID(cli.replace(options.out, proof.file));
  if (proof.verdict) cli.exit_code = exit_code(proof.verdict->outcome);
  if (options.out == "-") {
    std::cerr << fetched_text(options, proof) << "\n";
    return {};
  }
  Json json = {{"file", options.out}, {"size", proof.file.size()}};
  if (proof.verdict) json["verdict"] = to_string(proof.verdict->outcome);
  cli.print(json, fetched_text(options, proof));
  return {};
}

void add_policy(CLI::App* command, const std::shared_ptr<ProveOptions>& options) {
  command->add_option("--policy", options->policy, "The trust policy file")->envname("CPL_POLICY");
}
void add_age(CLI::App* command, const std::shared_ptr<ProveOptions>& options) {
  take_duration(command->add_option("--max-age", options->age_seconds_max,
                                    "How old the newest witness time may be"),
                options->age_seconds_max);
}

}  // namespace

void add_prove_commands(Cli& cli) {
  auto options = std::make_shared<ProveOptions>();
  CLI::App* prove_command =
      add_command(cli.app, "prove", "Fetch the evidence on a model, notice or decision as one file",
                  "cpl prove ESME-1063-00050203-38040404 --at-time 2026-07-09 "
                  "--out listed.json");
  prove_command
      ->add_option("subject", options->subject, "A model, or the entry of a notice or a decision")
      ->required();
  add_at_options(*prove_command, options->at);
  prove_command
      ->add_flag("--tlog-proof", options->tlog_proof,
                 "Prove only that an entry is in the log (C2SP tlog-proof, for any verifier)")
      ->excludes("--at-size")
      ->excludes("--at-time");
  prove_command->add_option("-o,--out", options->out, "Where it goes")->capture_default_str();
  add_policy(prove_command, options);
  add_age(prove_command, options);
  prove_command->callback([&cli, options] { cli.run([&] { return prove(cli, *options); }); });
}

}  // namespace cpl
