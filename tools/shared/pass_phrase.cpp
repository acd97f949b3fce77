#include "tools/shared/pass_phrase.hpp"

#include "tools/shared/typed_secret.hpp"

namespace cpl {
namespace {

constexpr const char* variable = "CPL_PASS_PHRASE";
constexpr std::size_t size_min = 8;

Result<Secret> found(const std::string& key_name, bool is_new) {
  if (auto set = TRY(secret_in_variable(variable, pass_phrase_kind))) return *std::move(set);
  if (can_ask_at_terminal()) {
    return ask_for_secret((is_new ? "New pass phrase for " : "Pass phrase of ") + key_name,
                          pass_phrase_kind);
  }
  return secret_missing(pass_phrase_kind, "the key " + key_name +
                                              " needs its pass phrase, and there is no terminal to "
                                              "ask at: set CPL_PASS_PHRASE");
}

}  // namespace

Result<Secret> find_pass_phrase(const std::string& key_name) { return found(key_name, false); }

Result<Secret> choose_pass_phrase(const std::string& key_name) {
  Secret first = TRY(found(key_name, true));
  if (first.view().size() < size_min) {
    return malformed(
        "pass-phrase-malformed",
        "a pass phrase has at least " + std::to_string(size_min) + " octets: take a few words");
  }
  if (TRY(secret_in_variable(variable, pass_phrase_kind))) return first;
  const Secret again = TRY(ask_for_secret("The same again", pass_phrase_kind));
  if (again.view() == first.view()) return first;
  return malformed("pass-phrase-malformed", "the two pass phrases differ; nothing was made");
}

}  // namespace cpl
