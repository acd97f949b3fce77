#include "registry/witness/witness_protocol.hpp"

#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"

namespace cpl {
namespace {

constexpr std::string_view old_prefix = "old ";

Error request_error(std::string detail) {
  return malformed("add-checkpoint-malformed", "not an add-checkpoint body: " + std::move(detail));
}

}  // namespace

Bytes format_add_checkpoint(const AddCheckpoint& request) {
  Bytes body = Bytes(old_prefix) + std::to_string(request.old.value) + "\n";
  for (const Hash& hash : request.proof) body += to_base64(hash) + "\n";
  return body + "\n" + request.note;
}

Result<AddCheckpoint> parse_add_checkpoint(BytesView body) {
  if (body.size() > add_checkpoint_octets_max) return request_error("it is too large");
  const auto first = take_line(body);
  if (!first || !first->starts_with(old_prefix)) {
    return request_error("its first line must be \"old <size>\"");
  }
  const auto old = from_decimal(first->substr(old_prefix.size()));
  if (!old) return request_error("its first line does not end in a size");
  AddCheckpoint request{TreeSize{*old}, {}, {}};
  while (true) {
    const auto line = take_line(body);
    if (!line) return request_error("an empty line must part the proof from the checkpoint");
    if (line->empty()) break;
    const auto hash = hash_from_base64(*line);
    if (!hash) return request_error("a proof line is not base64 of 32 octets");
    if (request.proof.size() == merkle_proof_hashes_max) {
      return request_error("its proof has more than 63 hashes");
    }
    request.proof.push_back(*hash);
  }
  request.note = Bytes(body);
  return request;
}

}  // namespace cpl
