// cpl show: a model, an entry, or what a file says before one signs it. What the registry merely
// says is told as that; under a policy, what can be proven is.
#include "api/feed/filter_query.hpp"
#include "crypto/encoding.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/asked_evidence.hpp"
#include "tools/cpl/decision_words.hpp"
#include "tools/cpl/entry_text.hpp"
#include "tools/cpl/model_text.hpp"
#include "tools/cpl/person_key.hpp"
#include "tools/cpl/proven_entry.hpp"
#include "tools/cpl/statement_review.hpp"
#include "tools/cpl/time_options.hpp"

namespace cpl {
namespace {

struct ShowOptions {
  std::string what;
  std::string policy;
  std::string key;
  bool as_signed = false;
  AtOptions at;
};

using Policy = std::optional<TrustPolicy>;

// How the model was before the correction, by the addition or correction before it.
Result<std::string> correction_text(const HttpClient& client, const ProvenRead& read,
                                    const Policy& policy) {
  const auto* correction = std::get_if<Correction>(&read.statement.body);
  if (correction == nullptr) return std::string();
  const std::string id = correction->model.id().text();
  const Json history = TRY(client.get_json("/v1/models/" + id + "/history"));
  TRY_VOID(check_told(history, "id", id));
  std::optional<std::uint64_t> before;
  for (const Json& step : history.value("entries", Json::array())) {
    const auto index = from_decimal(text_of(step, "index"));
    if (!index || *index >= read.entry.index.value) break;
    const std::string type = text_of(step, "type");
    if (type == "addition" || type == "correction") before = index;
  }
  if (!before) return evidence_mismatch("the registry shows no record of " + id + " before it");
  const ProvenRead old = TRY(read_entry(client, EntryIndex{*before}, policy));
  const Json content = to_json(old.statement.body);
  const Json now = to_json(read.statement.body);
  if (!content.contains("model") || text_of(content.at("model"), "manufacturer_id").empty()) {
    return evidence_mismatch("entry " + std::to_string(*before) + " holds no record of " + id);
  }
  return "\nchanged since entry " + std::to_string(*before) + ":\n" +
         difference_text(content.at("model"), now.at("model"));
}

// The words that the minutes hold in the decision's place.
Result<std::string> minuted_text(const HttpClient& client, EntryIndex minutes,
                                 const Decision& decision, const Policy& policy) {
  const ProvenRead read = TRY(read_entry(client, minutes, policy));
  const auto* held = std::get_if<Minutes>(&read.statement.body);
  if (held == nullptr) {
    return evidence_mismatch("entry " + std::to_string(minutes.value) + " holds no minutes");
  }
  for (const MinutesDecision& minuted : held->decisions) {
    if (!(minuted.place == decision.place)) continue;
    return "\n  there they are: " + printable(minuted.verb) + " \"" +
           printable(minuted.text.seal ? "(under seal)" : minuted.text.words) + "\"";
  }
  return std::string("\n  they hold no decision in its place");
}

// What the newest draft of the meeting's minutes would make of the decision, were it final: time to
// put it right.
Result<std::string> draft_text(const HttpClient& client, const Decision& decision,
                               const Policy& policy) {
  if (!decision.meeting) return std::string();
  auto meeting = client.get_json("/v1/meetings/" + percent_encode(decision.meeting->meeting));
  if (!meeting && meeting.error().errc == Errc::not_found) return std::string();
  const Json told = TRY(std::move(meeting));
  TRY_VOID(check_told(told, "meeting", decision.meeting->meeting));
  if (text_of(told, "body") != decision.meeting->body) return std::string();
  const Json drafts = told.value("drafts", Json::array());
  if (!drafts.is_array() || drafts.empty()) return std::string();
  const auto newest = from_decimal(drafts.back().dump());
  if (!newest) return evidence_mismatch("the registry names a draft that is not an entry");
  const EntryIndex entry{*newest};
  const ProvenRead read = TRY(read_entry(client, entry, policy));
  const auto* held = std::get_if<Minutes>(&read.statement.body);
  if (held == nullptr || held->meeting != *decision.meeting) {
    return evidence_mismatch("entry " + std::to_string(*newest) + " holds no minutes of " +
                             decision.meeting->meeting);
  }
  const MeetingRecord as_final{held->meeting, {}, {}, entry, held->decisions};
  if (standing_of(decision, as_final) != DecisionStanding::contradicted) return std::string();
  return "\n" +
         red("as they stand, the minutes in entry " + std::to_string(*newest) +
             " would contradict it") +
         ", once they count as final" + TRY(minuted_text(client, entry, decision, policy));
}

// Whether final minutes bear a decision out: proven where a policy says whom to believe and the
// entry is published, else as the registry says.
Result<std::string> standing_text(const Cli& cli, const HttpClient& client, const ProvenRead& read,
                                  const Policy& policy) {
  const auto* decision = std::get_if<Decision>(&read.statement.body);
  if (decision == nullptr) return std::string();
  const std::string number = std::to_string(read.entry.index.value);
  const Json told = TRY(client.get_json("/v1/decisions/" + number));
  TRY_VOID(check_told(told, "entry", read.entry.index.value));
  const std::string standing = text_of(told, "standing");
  std::string text = "the registry says: ";
  if (policy && read.proven) {
    const Verdict verdict =
        TRY(fetch_evidence(client, "/v1/entries/" + number + "/evidence",
                           {{"decision"}, number, {}, {}}, *policy, cli.judge_options()))
            .verdict;
    if (!is_proven(verdict)) return Error{Errc::unauthorized, verdict.code, verdict.sentence};
    if ((verdict.outcome == Outcome::invalid) != (standing == "contradicted")) {
      return evidence_mismatch("the registry says that decision " + number + " is " + standing +
                               ", and its evidence shows otherwise");
    }
    text = "proven: ";
  }
  const bool contradicted = standing == "contradicted";
  text += "the decision is " + (contradicted ? red("CONTRADICTED") : standing);
  const auto minutes = from_decimal(text_of(told, "final_minutes"));
  if (!minutes) {
    text += ": no final minutes confirm or contradict it yet";
  } else if (standing == "provisional") {
    text += ": whether the final minutes in entry " + std::to_string(*minutes) +
            " hold it cannot be told while a text is sealed";
  } else {
    text += " by the final minutes in entry " + std::to_string(*minutes);
  }
  if (minutes && contradicted) {
    text += TRY(minuted_text(client, EntryIndex{*minutes}, *decision, policy)) +
            "\n  nothing can be removed on it any more";
  }
  if (standing == "provisional") text += TRY(draft_text(client, *decision, policy));
  const std::string words = decision->text.seal ? std::string() : decision->text.words;
  return "\n" + text + "\n" + authorised_text(words, *decision);
}

// What became of a notice, as the registry says.
Result<std::string> notice_text(const HttpClient& client, const ProvenRead& read) {
  if (!std::holds_alternative<Notice>(read.statement.body)) return std::string();
  const std::string number = std::to_string(read.entry.index.value);
  const Json told = TRY(client.get_json("/v1/notices/" + number));
  TRY_VOID(check_told(told, "entry", read.entry.index.value));
  const std::string standing = text_of(told.value("authority", Json::object()), "standing");
  return "\nthe registry says: the notice is " + text_of(told, "state") + ", its decision is " +
         (standing == "contradicted" ? red("CONTRADICTED") : standing) + "; cpl desk check " +
         number + " proves it\n";
}

Result<void> show_entry(const Cli& cli, const ShowOptions& options, EntryIndex index,
                        const Policy& policy) {
  const HttpClient client = cli.client();
  const ProvenRead read = TRY(read_entry(client, index, policy));
  Json told = TRY(client.get_json("/v1/entries/" + options.what));
  TRY_VOID(check_entry_told(told, read));
  told["proven"] = read.proven.has_value();
  if (options.as_signed) {
    cli.print(told, printable(read.entry.statement));
    return {};
  }
  const std::string more = TRY(correction_text(client, read, policy)) +
                           TRY(standing_text(cli, client, read, policy)) +
                           TRY(notice_text(client, read));
  cli.print(told, entry_text(told) + more + "\n" + proven_text(read) +
                      "\nthe statement as it was signed: cpl show " + options.what + " --signed");
  return {};
}

// The proven state of the model, against what the registry says of it.
Result<void> check_state(const Json& told, const JudgedEvidence& judged, const ModelId& id) {
  const Evidence evidence = TRY(parse_evidence(judged.file));
  for (const ProvenState& state : evidence.states) {
    if (state.model != id) continue;
    const Json record = state.record ? TRY(parse_json(*state.record)) : Json::object();
    for (const char* member : {"status", "changed_at", "effective_from"}) {
      if (text_of(told, member) == text_of(record, member)) continue;
      return evidence_mismatch("the registry tells as the " + std::string(member) + " of " +
                               id.text() + " what its evidence does not show");
    }
    return {};
  }
  return evidence_mismatch("the registry's evidence does not hold the state of " + id.text());
}

// How the model stands, as far as it can be proven.
Result<std::string> model_proof(const Cli& cli, const HttpClient& client, const Json& told,
                                const ModelId& id, const Policy& policy) {
  if (!policy) {
    return std::string(
        "so says the registry: no trust policy says whom to believe (--policy or CPL_POLICY)");
  }
  const auto judged =
      fetch_evidence(client, "/v1/models/" + id.text() + "/evidence",
                     {{"model", "removal"}, id.text(), {}, {}}, *policy, cli.judge_options());
  if (!judged && judged.error().code == "not-published-yet") {
    return std::string("so says the registry: it has published no proof of it yet");
  }
  if (!judged) return judged.error();
  if (!is_proven(judged->verdict)) {
    return Error{Errc::unauthorized, judged->verdict.code, judged->verdict.sentence};
  }
  TRY_VOID(check_state(told, *judged, id));
  return "proven, " + to_string(judged->verdict.outcome) + ": " +
         printable(in_uk_time(judged->verdict.sentence)) + "\nall else is as the registry says";
}

Result<void> show_model(const Cli& cli, const ModelId& id, const Policy& policy) {
  const HttpClient client = cli.client();
  const std::string path = "/v1/models/" + id.text();
  const Json model = TRY(client.get_json(path));
  const Json history = TRY(client.get_json(path + "/history"));
  TRY_VOID(check_told(model, "id", id.text()));
  TRY_VOID(check_told(history, "id", id.text()));
  const std::string proof = TRY(model_proof(cli, client, model, id, policy));
  cli.print(model, model_text(model, history) + proof);
  return {};
}

// In short, how it was.
Result<void> show_model_at(const Cli& cli, const ModelId& id, const AtOptions& at) {
  const HttpClient client = cli.client();
  const std::string size = std::to_string(TRY(size_asked(cli, client, at)).value_or(0));
  const Json summary = TRY(client.get_json("/v1/models/" + id.text() + "?at=" + size));
  TRY_VOID(check_told(summary, "id", id.text()));
  cli.print(summary, id.text() + "  " + text_of(summary, "status") + " at log size " + size +
                         ", as the registry says; cpl prove " + id.text() + " --at-size " + size +
                         " proves it");
  return {};
}

// Its public half is enough, and is often beside it: then no PIN or pass phrase is asked for.
Result<NoteVerifier> read_own_key(const std::string& file) {
  if (file.ends_with(".pub")) return read_public_key(file);
  const std::string public_file = file + ".pub";
  if (std::filesystem::exists(public_file)) return read_public_key(public_file);
  return read_verifier(file);
}

Result<void> show(const Cli& cli, const ShowOptions& options) {
  if (options.what == "-" || std::filesystem::exists(options.what)) {
    std::optional<NoteVerifier> you;
    if (!options.key.empty()) you = TRY(read_own_key(options.key));
    return show_statements(cli, options.what, you);
  }
  Policy policy;
  if (!options.policy.empty()) policy = TRY(read_policy_file(options.policy));
  if (const auto index = from_decimal(options.what)) {
    return show_entry(cli, options, EntryIndex{*index}, policy);
  }
  const bool is_past = options.at.size || !options.at.time.empty();
  if (const auto id = ModelId::parse(options.what)) {
    return is_past ? show_model_at(cli, *id, options.at) : show_model(cli, *id, policy);
  }
  return malformed("nothing-to-show", "\"" + options.what +
                                          "\" is no file or folder here, no number of an entry, "
                                          "and no model id such as ESME-1063-00050203-38040404");
}

}  // namespace

void add_show_command(Cli& cli) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command =
      add_command(cli.app, "show", "Show a model, an entry, or statements before you sign them",
                  "cpl show ESME-1063-00050203-38040404");
  command
      ->add_option("what", options->what,
                   "A model id, an entry's number, or a statement: a file, a folder of them, or - "
                   "for standard input")
      ->required();
  add_at_options(*command, options->at);
  command
      ->add_option("-k,--key", options->key,
                   "Of a statement: your key file, to see whether you are to sign")
      ->envname("CPL_KEY");
  command->add_flag("--signed", options->as_signed, "Of an entry, the statement as it was signed");
  command
      ->add_option("--policy", options->policy,
                   "The trust policy file: what can be proven under it, is")
      ->envname("CPL_POLICY");
  command->callback([&cli, options] { cli.run([&] { return show(cli, *options); }); });
}

}  // namespace cpl
