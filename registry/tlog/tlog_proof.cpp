#include "registry/tlog/tlog_proof.hpp"

#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"

namespace cpl {
namespace {

constexpr std::string_view proof_header = "c2sp.org/tlog-proof@v1\n";
constexpr std::string_view extra_prefix = "extra ";
constexpr std::string_view index_prefix = "index ";

Error proof_error(std::string detail) {
  return malformed("proof-malformed", "not a tlog-proof: " + std::move(detail));
}

}  // namespace

Bytes format_tlog_proof(const TlogProof& proof) {
  Bytes text(proof_header);
  if (proof.extra) text.append(extra_prefix).append(to_base64(*proof.extra)).append("\n");
  text.append(index_prefix).append(std::to_string(proof.index.value)).append("\n");
  for (const Hash& hash : proof.hashes) text += to_base64(hash) + "\n";
  return text + "\n" + proof.checkpoint_note;
}

Result<TlogProof> parse_tlog_proof(BytesView text) {
  if (!text.starts_with(proof_header)) {
    return proof_error("its first line must be \"c2sp.org/tlog-proof@v1\"");
  }
  std::string_view rest = text.substr(proof_header.size());
  auto index_line = take_line(rest);
  std::optional<Bytes> extra;
  if (index_line && index_line->starts_with(extra_prefix)) {
    extra = from_base64(index_line->substr(extra_prefix.size()));
    if (!extra) return proof_error("its extra line is not base64");
    index_line = take_line(rest);
  }
  if (!index_line || !index_line->starts_with(index_prefix)) {
    return proof_error("a line \"index <number>\" must follow");
  }
  const auto index = from_decimal(index_line->substr(index_prefix.size()));
  if (!index) return proof_error("its index is not a number");
  TlogProof proof{EntryIndex{*index}, {}, {}, std::move(extra)};
  while (true) {
    const auto line = take_line(rest);
    if (!line) return proof_error("an empty line must part the hashes from the checkpoint");
    if (line->empty()) break;
    const auto hash = hash_from_base64(*line);
    if (!hash) return proof_error("a hash line is not base64 of 32 octets");
    if (proof.hashes.size() == merkle_proof_hashes_max) return proof_error("too many hashes");
    proof.hashes.push_back(*hash);
  }
  proof.checkpoint_note = Bytes(rest);
  return proof;
}

}  // namespace cpl
