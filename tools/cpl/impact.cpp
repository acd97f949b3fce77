#include "tools/cpl/impact.hpp"

#include <unistd.h>

#include <iostream>

#include "api/pages/impact.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/told_source.hpp"

namespace cpl {
namespace {

std::string id_list(const Json& model, const char* member) {
  std::string text;
  for (const std::string& id : Said(model)[member].texts()) {
    text += (text.empty() ? "" : ", ") + printable(id);
  }
  return text;
}

std::string cover_list(const Json& model) {
  std::string text;
  for (const Said& end : Said(model)["cover_ends"].items()) {
    text += (text.empty() ? "" : ", ") + printable(end["certificate"].text()) + " " +
            printable(end["date"].text());
  }
  return text;
}

std::string device_count(const Json& model) {
  if (!Said(model)["counted_on"].exists()) return "";
  const auto devices = Said(model)["devices"].number();
  return (devices ? grouped(*devices) : std::string("none")) + ", by the DCC's count of " +
         printable(Said(model)["counted_on"].text());
}

std::string line_of(const std::string& name, const std::string& words) {
  return words.empty() ? "" : "    " + name + ": " + words + "\n";
}

std::string model_impact_text(const Json& model, bool is_stranded) {
  std::string text = "  " + text_of(model, "id") + "  " + text_of(model, "manufacturer_name") +
                     ", " + text_of(model, "status") + "\n";
  if (is_stranded) {
    text +=
        "    " + red("NO LISTED SUCCESSOR: no firmware on the list names it as predecessor") + "\n";
  }
  return text + line_of("devices", device_count(model)) +
         line_of("listed successors", id_list(model, "successors")) +
         line_of("other firmware that stays", id_list(model, "same_hardware")) +
         line_of("loses its only way up", id_list(model, "without_way_up")) +
         line_of("certificates end", cover_list(model));
}

bool is_one_of(const std::vector<std::string>& ids, std::string_view id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Typed in full: a slip of the finger is no confirmation.
bool types_id(const std::string& id) {
  std::cerr << printable(id)
            << " has no listed successor: its devices would have no firmware on the list to go to."
               "\nTo sign all the same, type its id: "
            << std::flush;
  std::string typed;
  std::getline(std::cin, typed);
  return typed == id;
}

}  // namespace

std::set<ModelId> models_removed_by(const StatementBody& body) {
  std::set<ModelId> models;
  if (const auto* decision = std::get_if<Decision>(&body)) {
    for (const Authorisation& one : decision->authorises) {
      if (one.act == Act::remove) models.insert(one.models.begin(), one.models.end());
    }
  }
  if (const auto* notice = std::get_if<Notice>(&body)) {
    models.insert(notice->models.begin(), notice->models.end());
  }
  if (const auto* removal = std::get_if<Removal>(&body)) models.insert(removal->model);
  return models;
}

std::optional<ToldImpact> ask_told_impact(const Cli& cli, const std::set<ModelId>& removed) {
  if (removed.empty()) return std::nullopt;
  if (!cli.server_is_named()) {
    std::cerr << "cpl: nobody was asked what the removal leaves devices with: name a registry with "
                 "--server\n";
    return std::nullopt;
  }
  std::vector<std::string> ids;
  ids.reserve(removed.size());
  for (const ModelId& id : removed) ids.push_back(id.text());
  const HttpClient client = cli.client();
  auto answer = ask_impact(ToldSource(client), ids);
  if (!answer) {
    std::cerr << "cpl: what the removal leaves devices with is not known: "
              << printable(answer.error().detail) << "\n";
    return std::nullopt;
  }
  auto stranded = without_successor(*answer);
  return ToldImpact{*std::move(answer), std::move(stranded)};
}

std::string impact_text(const ToldImpact& impact) {
  std::string text = bold("WHAT IT LEAVES DEVICES WITH") + ", as the registry says at log size " +
                     text_of(impact.answer, "log_size") + ":\n";
  for (const Json& model : impact.answer.at("models")) {
    text += model_impact_text(model, is_one_of(impact.without_successor, text_of(model, "id")));
  }
  return text;
}

Result<void> confirm_without_successor(const ToldImpact& impact,
                                       const std::vector<std::string>& named) {
  std::string unnamed;
  for (const std::string& id : impact.without_successor) {
    if (is_one_of(named, id)) continue;
    if (::isatty(STDIN_FILENO) == 1 && types_id(id)) continue;
    unnamed += " " + id;
  }
  if (unnamed.empty()) return {};
  return refuse("no-listed-successor",
                "nothing was signed: devices of" + unnamed +
                    " would have no firmware on the list to go to. To sign all the same, name them "
                    "with --without-successor");
}

}  // namespace cpl
