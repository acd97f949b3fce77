#include "tools/decision_words.hpp"

#include <set>

#include "tools/cli.hpp"

namespace cpl {
namespace {

// The model ids that the words name.
std::set<ModelId> models_in(const std::string& words) {
  const auto is_of_an_id = [](char c) {
    return c == '-' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
  };
  std::set<ModelId> found;
  for (std::size_t at = 0; at < words.size();) {
    std::size_t end = at;
    while (end < words.size() && is_of_an_id(words[end])) ++end;
    if (auto id = ModelId::parse(words.substr(at, end - at))) found.insert(*std::move(id));
    at = end + 1;
  }
  return found;
}

}  // namespace

std::string authorised_text(const std::string& words, const Decision& decision) {
  const std::set<ModelId> named = models_in(words);
  std::set<ModelId> authorised;
  std::string text;
  for (const Authorisation& one : decision.authorises) {
    for (const ModelId& id : one.models) {
      authorised.insert(id);
      text += std::string(one.act == Act::remove ? "  to remove     " : "  to reinstate  ") +
              id.text() +
              (named.empty() || named.contains(id) ? "" : red("  the words do not name it")) + "\n";
    }
  }
  for (const ModelId& id : named) {
    if (authorised.contains(id)) continue;
    text += red("  not authorised: " + id.text() + ", which the words name") + "\n";
  }
  return text.empty() ? "  it authorises nothing\n" : text;
}

}  // namespace cpl
