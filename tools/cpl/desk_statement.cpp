#include "tools/cpl/desk_statement.hpp"

#include "tools/cpl/accepted.hpp"
#include "tools/cpl/rehearsal.hpp"
#include "tools/cpl/statement_review.hpp"

namespace cpl {
namespace {

// Known before the log has a signature that counts for nothing.
Result<void> check_is_desks(const Cli& cli, const NoteVerifier& key) {
  const CharterInForce charter = guiding_charter(cli);
  if (charter == nullptr) return {};
  const auto& keys = charter->charter.roles.at(Role::service_desk).keys;
  if (std::find(keys.begin(), keys.end(), key) != keys.end()) return {};
  return refuse("wrong-role", key.name() + " is not a Service Desk key; nothing was signed");
}

}  // namespace

Result<DeskVoice> DeskVoice::open(const Cli& cli, const std::string& key_file,
                                  const TrustPolicy& policy) {
  DeskVoice voice(cli, policy);
  if (cli.dry_run) return voice;
  if (key_file.empty()) {
    return malformed("key-missing", "give the Service Desk's key with --key or CPL_DESK_KEY");
  }
  voice.key_ = TRY(read_person_key(key_file));
  TRY_VOID(check_is_desks(cli, voice.key_->verifier()));
  return voice;
}

Result<std::optional<EntryIndex>> DeskVoice::say(const DeskStatement& says) const {
  Note note{format_statement({says.origin, cli_.clock.now(), says.body}), {}};
  TRY(parse_statement(note.text));  // What the registry would refuse is refused before signing.
  if (!key_) {
    const Judgements judgements = TRY(ask_registry(cli_.client(), {note.text}));
    if (judgements.front()) return *judgements.front();
    cli_.print({{"would_say", says.words}},
               "nothing was signed or sent; the registry would accept that " + says.words);
    return std::optional<EntryIndex>();
  }
  TRY_VOID(sign_note(note, *key_));
  const AcceptedEntry entry = TRY(submit_note(cli_.client(), format_note(note), policy_));
  // Of one second, two statements with the same words are one.
  if (entry.repeated) {
    return refuse("statement-repeated", "entry " + std::to_string(entry.index.value) +
                                            " said the same in this second: say it again");
  }
  cli_.print(entry.answer, "entry " + std::to_string(entry.index.value) + ", " +
                               proof_text(entry.proven) + ": " + says.words + ", signed by " +
                               key_->verifier().name());
  return std::optional(entry.index);
}

}  // namespace cpl
