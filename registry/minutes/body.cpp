#include "registry/minutes/body.hpp"

#include <algorithm>

#include "registry/minutes/sentences.hpp"

namespace cpl {
namespace {

constexpr std::size_t lead_size_max = 120;

}  // namespace

MinutesBody::MinutesBody(std::string_view acronym, std::string_view title_name) {
  std::string spaced(acronym);
  std::replace(spaced.begin(), spaced.end(), '_', ' ');
  add(spaced);
  add(title_name);
  if (const auto space = title_name.rfind(' '); space != title_name.npos) {
    add(title_name.substr(space + 1));
  }
  if (acronym == "SECP") {
    add("SEC Panel");
    add("Panel");
  }
  std::sort(names_.begin(), names_.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

void MinutesBody::add(std::string_view name) {
  std::vector<std::string> words;
  for (const MinutesWord& word : split_words(name)) words.emplace_back(word.core);
  if (!words.empty()) names_.push_back(std::move(words));
}

std::size_t MinutesBody::match(const std::vector<MinutesWord>& words, std::size_t at) const {
  for (const auto& name : names_) {
    if (at + name.size() > words.size()) continue;
    bool same = true;
    for (std::size_t i = 0; same && i < name.size(); ++i) {
      same = same_word(words[at + i].core, name[i]);
    }
    if (same) return name.size();
  }
  return 0;
}

std::size_t MinutesBody::match_before(const std::vector<MinutesWord>& words,
                                      std::size_t end) const {
  for (const auto& name : names_) {
    if (name.size() <= end && match(words, end - name.size()) == name.size()) return name.size();
  }
  return 0;
}

bool MinutesBody::is_lead(std::string_view line) const {
  if (!line.ends_with(':') || line.size() > lead_size_max) return false;
  const auto words = split_words(line);
  std::size_t at = !words.empty() && same_word(words[0].core, "the") ? 1 : 0;
  const std::size_t size = match(words, at);
  if (size == 0) return false;
  at += size;
  if (at < words.size() && same_word(words[at].core, "members")) ++at;
  while (at < words.size() && is_adverb(words[at].core)) ++at;
  return at == words.size();
}

bool MinutesBody::names_decider_before(const std::vector<MinutesWord>& words,
                                       std::size_t end) const {
  if (end == 0 || end > words.size()) return false;
  if (match_before(words, end) != 0) return true;
  return !names_other_before(words, end) && is_decider(words[end - 1].core);
}

bool MinutesBody::names_other_before(const std::vector<MinutesWord>& words, std::size_t end) const {
  if (end == 0 || end > words.size() || match_before(words, end) != 0) return false;
  const std::string_view last = words[end - 1].core;
  if (same_word(last, "board")) {
    return end > 1 && is_one_of(words[end - 2].core, {"change", "secco"});
  }
  return is_one_of(last,
                   {"SECAS",    "DCC",       "DECC",        "BEIS",         "DESNZ",        "Ofgem",
                    "SSC",      "TSC",       "TABASC",      "TAG",          "TSEG",         "PMA",
                    "SECCo",    "NCSC",      "Gemserv",     "auditor",      "auditors",     "party",
                    "parties",  "supplier",  "suppliers",   "proposer",     "manufacturer", "maker",
                    "operator", "operators", "secretariat", "manufacturers"});
}

}  // namespace cpl
