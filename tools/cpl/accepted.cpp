#include "tools/cpl/accepted.hpp"

#include <poll.h>

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/statement/statement.hpp"
#include "registry/tlog/inclusion.hpp"
#include "tools/cpl/asked_evidence.hpp"
#include "tools/cpl/proven_bundle.hpp"

namespace cpl {
namespace {

constexpr int publication_polls_max = 100;
constexpr int publication_poll_millis = 200;

Error mismatch(std::string detail) {
  return Error{Errc::unauthorized, "evidence-mismatch",
               std::move(detail) + "; whether the statement is in the log is not known"};
}

Result<Hash> id_of(BytesView note) { return statement_id(TRY(parse_note(note)).text); }

Result<std::string> text_in(const Json& answer, const char* name) {
  const auto member = answer.find(name);
  if (member != answer.end() && member->is_string()) return member->get<std::string>();
  return answer_malformed(std::string("the registry's answer to a statement has no ") + name);
}

// The entry is the one that is spoken of, and of this statement.
Result<void> check_entry(BytesView leaf, const ClaimedEntry& claimed) {
  const Entry entry = TRY(parse_entry(leaf));
  const std::string index = std::to_string(claimed.index.value);
  if (entry.index != claimed.index) {
    return mismatch("the registry shows entry " + std::to_string(entry.index.value) +
                    " where it named entry " + index);
  }
  if (TRY(id_of(entry.statement)) == claimed.id) return {};
  return mismatch("entry " + index + " is of another statement than was submitted");
}

// What holds of the proof without knowing the log's key.
Result<void> check_unsigned(const TlogProof& proof, BytesView leaf, const std::string& origin) {
  const Checkpoint checkpoint = TRY(parse_checkpoint(TRY(parse_note(proof.checkpoint_note)).text));
  const bool fits = checkpoint.origin == origin &&
                    verify_inclusion(merkle_leaf(leaf), proof.index, checkpoint.size, proof.hashes,
                                     checkpoint.root);
  if (fits) return {};
  return mismatch("the registry's proof does not show the entry in the log \"" + origin + "\"");
}

// The log signed a moment ago; its witnesses may still be at it.
Result<TreeSize> check_signed(const TlogProof& proof, BytesView leaf, const std::string& origin,
                              const TrustPolicy& policy) {
  const Inclusion found = TRY(check_inclusion(proof, leaf, policy.without_quorum()));
  if (found.trusted.checkpoint.origin == origin) return found.trusted.checkpoint.size;
  return mismatch("the entry is in the log \"" + found.trusted.checkpoint.origin +
                  "\", and the statement is for \"" + origin + "\"");
}

// Witnesses take a moment.
Result<Checkpoint> published_with(const HttpClient& client, const TrustPolicy& policy,
                                  EntryIndex last) {
  for (int polls = 1;; ++polls) {
    auto checkpoint = shown_checkpoint(client, policy);
    const bool enough = checkpoint && checkpoint->size.value > last.value;
    const bool final_error = !checkpoint && checkpoint.error().errc != Errc::unavailable;
    if (enough || final_error) return checkpoint;
    if (polls < publication_polls_max) {
      ::poll(nullptr, 0, publication_poll_millis);
      continue;
    }
    if (!checkpoint) return checkpoint;
    return Error{Errc::unavailable, "not-published-yet",
                 "the registry says that its newest entry is " + std::to_string(last.value) +
                     ", and publishes a log of " + counted(checkpoint->size.value, "entry") +
                     ": submit again to see whether the statements are in it"};
  }
}

}  // namespace

Result<ClaimedEntry> claimed_entry(const Json& item, BytesView note) {
  if (!item.is_object() || !item.contains("index") || !item["index"].is_number_unsigned()) {
    return answer_malformed("the registry's answer to a statement names no entry");
  }
  const Hash id = TRY(id_of(note));
  if (TRY(text_in(item, "id")) != to_hex(id)) {
    return mismatch("the registry's answer is about another statement than was submitted");
  }
  return ClaimedEntry{EntryIndex{item["index"].get<std::uint64_t>()}, id};
}

Result<AcceptedEntry> submit_note(const HttpClient& client, BytesView note,
                                  const std::optional<TrustPolicy>& policy) {
  const std::string origin = TRY(read_signed(note)).origin;
  Json answer = TRY(json_of(TRY(client.post("/v1/statements", note, "text/plain"))));
  const ClaimedEntry claimed = TRY(claimed_entry(answer, note));
  const TlogProof proof = TRY(parse_tlog_proof(TRY(text_in(answer, "proof"))));
  if (proof.index != claimed.index || proof.checkpoint_note != TRY(text_in(answer, "checkpoint"))) {
    return mismatch("the registry's proof is of another entry or checkpoint than the one it named");
  }
  const std::string path = "/v1/entries/" + std::to_string(claimed.index.value) + "/leaf";
  const Bytes leaf = TRY(client.get(path, entry_size_max)).body;
  TRY_VOID(check_entry(leaf, claimed));
  AcceptedEntry accepted;
  if (policy) {
    accepted.proven = TRY(check_signed(proof, leaf, origin, *policy));
  } else {
    TRY_VOID(check_unsigned(proof, leaf, origin));
  }
  accepted.index = claimed.index;
  const auto repeated = answer.find("repeated");
  accepted.repeated = repeated != answer.end() && *repeated == true;
  answer["proven"] = accepted.proven.has_value();
  accepted.answer = std::move(answer);
  return accepted;
}

std::string proof_text(const std::optional<TreeSize>& proven) {
  if (proven) return "proven in the log at size " + std::to_string(proven->value);
  return "so says the registry: no trust policy names the log's key, so that nobody checked its "
         "signature (--policy or CPL_POLICY)";
}

Result<TreeSize> prove_entries(const HttpClient& client, const TrustPolicy& policy,
                               std::vector<ClaimedEntry> claimed) {
  if (claimed.empty()) return TreeSize{};
  std::sort(claimed.begin(), claimed.end(),
            [](const auto& a, const auto& b) { return a.index < b.index; });
  const Checkpoint checkpoint = TRY(published_with(client, policy, claimed.back().index));
  ProvenBundles bundles(client, checkpoint);
  for (const ClaimedEntry& one : claimed) {
    TRY_VOID(check_entry(TRY(bundles.leaf(one.index)), one));
  }
  return checkpoint.size;
}

}  // namespace cpl
