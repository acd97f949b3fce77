#include "tools/cpl/decision_words.hpp"

#include <set>

#include "registry/minutes/model_mentions.hpp"
#include "registry/minutes/text.hpp"
#include "tools/cpl/cli.hpp"

namespace cpl {

std::string authorised_text(const std::string& typed, const Decision& decision) {
  const std::string words = tidy_minutes_text(typed);
  const std::vector<ModelMention> mentions = find_model_mentions(words);
  std::set<ModelId> named;
  std::set<ModelId> authorised;
  std::string text;
  for (const ModelMention& mention : mentions) {
    if (mention.id) named.insert(*mention.id);
  }
  for (const Authorisation& one : decision.authorises) {
    for (const ModelId& id : one.models) {
      authorised.insert(id);
      text += std::string(one.act == Act::remove ? "  to remove     " : "  to reinstate  ") +
              id.text() +
              (mentions.empty() || named.contains(id) ? "" : red("  the words do not name it")) +
              "\n";
    }
  }
  for (const ModelId& id : named) {
    if (authorised.contains(id)) continue;
    text += red("  not authorised: " + id.text() + ", which the words name") + "\n";
  }
  for (const ModelMention& mention : mentions) {
    if (mention.id) continue;
    text += red("  the words hold \"" +
                printable(words.substr(mention.begin, mention.end - mention.begin)) +
                "\", which looks like a model's id and cannot be read as one") +
            "\n";
  }
  return text.empty() ? "  it authorises nothing\n" : text;
}

}  // namespace cpl
