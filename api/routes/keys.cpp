// Whose keys counted when, and that one size of the log is the beginning of another.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/reads.hpp"
#include "registry/query/key_history.hpp"
#include "registry/query/log_consistency.hpp"

namespace cpl {
namespace {

constexpr std::size_t charters_max = 500;

std::string_view algorithm_word(NoteKeyType type) {
  return type == NoteKeyType::ecdsa_p256 ? "ecdsa-p256" : "ed25519";
}

// As the key's string has it.
std::string id_text(const NoteVerifier& key) {
  Bytes octets;
  for (int shift = 24; shift >= 0; shift -= 8) {
    octets.push_back(static_cast<char>(key.key_id() >> shift & 0xFFU));
  }
  return to_hex(octets);
}

}  // namespace

Result<HttpResponse> list_keys(const Call& call) {
  const KeyHistory history = TRY(key_history(call.log, charters_max));
  Json keys = Json::array();
  for (const KeyUse& use : history.uses) {
    keys.push_back({{"role", use.role},
                    {"name", use.key.name()},
                    {"id", id_text(use.key)},
                    {"algorithm", algorithm_word(use.key.type())},
                    {"key", use.key.to_string()},
                    {"from", use.from.value},
                    {"to", use.to ? Json(use.to->value) : Json()}});
  }
  call.keep = Call::Keep::at_size;
  return json_response(200, {{"log_size", call.log.size().value},
                             {"keys", std::move(keys)},
                             {"keys_are_all", history.is_all}});
}

Result<HttpResponse> get_consistency(const Call& call) {
  const LogView& log = call.published;
  const TreeSize newer{TRY(call.number("to", log.size().value, 1, log.size().value))};
  if (!call.request.parameter("from")) {
    return malformed("parameter-malformed", "from must be a size of the log, from 1 on");
  }
  const TreeSize older{TRY(call.number("from", newer.value, 1, newer.value))};
  const LogConsistency shown = TRY(log_consistency(log, older, newer));
  Json hashes = Json::array();
  for (const Hash& hash : shown.proof) hashes.push_back(to_base64(hash));
  call.keep_published();
  return json_response(200, {{"from", older.value},
                             {"to", newer.value},
                             {"from_root", to_base64(shown.older_root)},
                             {"to_root", to_base64(shown.newer_root)},
                             {"hashes", std::move(hashes)}});
}

}  // namespace cpl
