// A charter: whose keys count, how many must sign, and the rules' values. It begins as the one in
// force, which it is to replace.
#include "api/pages/shared.hpp"
#include "crypto/encoding.hpp"
#include "tools/ui/prepare.hpp"
#include "tools/ui/sign.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t day_seconds = 86'400;
constexpr std::size_t keys_max = 100;

struct RoleField {
  Role role;
  std::string_view name;
  std::string_view keys_label;
  std::string_view threshold_label;
};
constexpr std::array<RoleField, 3> role_fields = {
    {{Role::panel, "panel", "Keys of the Panel", "How many of the Panel must sign"},
     {Role::registrar, "registrar", "Keys of the registrars", "How many registrars must sign"},
     {Role::service_desk, "service_desk", "Keys of the Service Desk",
      "How many of the Service Desk must sign"}}};

std::string keys_text(const std::vector<NoteVerifier>& keys) {
  std::string text;
  for (const NoteVerifier& key : keys) text += key.to_string() + "\n";
  return text;
}

Result<std::vector<NoteVerifier>> keys_in(std::string_view text) {
  std::vector<NoteVerifier> keys;
  for (const std::string& word : pasted_words(text)) {
    auto key = NoteVerifier::parse(word);
    if (!key) return malformed("key-malformed", "\"" + word + "\": " + key.error().detail + ".");
    keys.push_back(*std::move(key));
    if (keys.size() > keys_max) return malformed("keys-too-many", "At most 100 keys go in a role.");
  }
  return keys;
}

Result<std::uint64_t> number_given(const SentForm& form, std::string_view name,
                                   std::string_view label) {
  const auto number = from_decimal(form.field(name));
  if (number) return *number;
  return malformed("number-malformed", std::string(label) + ": give a number.");
}

// What the form does not ask stays as it is in the charter in force.
Result<Page> kept_charter(const Workplace& work, const CharterInForce& before,
                          const SentForm& form) {
  Charter charter;
  charter.name = std::string(form.field("name"));
  charter.policy = before ? before->charter.policy : default_policy();
  charter.policy.removal_needs_validation = form.field("validation") == "on";
  charter.policy.statement_age_seconds_max =
      day_seconds * TRY(number_given(form, "age_days", "How old a statement may be"));
  charter.policy.cpa_years_max =
      TRY(number_given(form, "cpa_years", "How long a CPA certificate holds"));
  if (before) charter.replaces = before->entry;
  for (const RoleField& field : role_fields) {
    RoleKeys& role = charter.roles[field.role];
    role.keys = TRY(keys_in(form.field(field.name)));
    role.threshold =
        TRY(number_given(form, std::string(field.name) + "_threshold", field.threshold_label));
  }
  charter.log_keys = TRY(keys_in(form.field("log_keys")));
  return kept_statement(work, std::move(charter), {});
}

// What was typed before a mistake, else what the charter in force says.
std::string value_of(const PageRequest& asked, std::string_view name, std::string now) {
  return asked.asked("form").empty() ? std::move(now) : std::string(asked.asked(name));
}

void write_role_fields(HtmlWriter& html, const PageRequest& asked, const CharterInForce& before) {
  for (const RoleField& field : role_fields) {
    const RoleKeys now = before ? before->charter.roles.at(field.role) : RoleKeys{};
    write_text_area(html, field.name, field.keys_label,
                    value_of(asked, field.name, keys_text(now.keys)),
                    "Public keys, one to a line, as cpl key show prints them");
    const std::string threshold = std::string(field.name) + "_threshold";
    write_text_field(html, threshold, field.threshold_label,
                     value_of(asked, threshold, std::to_string(now.threshold)));
  }
  write_text_area(
      html, "log_keys", "Keys of the log that the Panel vouches for",
      value_of(asked, "log_keys", before ? keys_text(before->charter.log_keys) : std::string()),
      "One to a line; may be left out");
}

void write_policy_fields(HtmlWriter& html, const PageRequest& asked, const CharterPolicy& now) {
  write_text_field(
      html, "age_days", "How old a statement may be, in days",
      value_of(asked, "age_days", std::to_string(now.statement_age_seconds_max / day_seconds)));
  write_text_field(html, "cpa_years", "How many years a dated CPA certificate holds at most",
                   value_of(asked, "cpa_years", std::to_string(now.cpa_years_max)),
                   "0: no limit is checked");
  const bool is_ticked = asked.asked("form").empty() ? now.removal_needs_validation
                                                     : asked.asked("validation") == "on";
  choices_start(html, "Removals");
  write_checkbox(html, "validation", "The Service Desk must validate the notice first", is_ticked);
  choices_end(html);
}

}  // namespace

Result<Page> prepare_charter_page(const Workplace& work, const PageRequest& asked,
                                  const SentForm* form) {
  const CharterInForce before = charter_in_force(work);
  if (form != nullptr) return kept_charter(work, before, *form);
  Page page = begin_prepare_page("Prepare a charter");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  if (before) {
    html.markup("<p class=\"lead\">It replaces the one in entry ");
    write_entry_link(html, before->entry.value);
    html.markup(
        ", which is proven on this computer. As many of the old Panel as it says must sign, and as "
        "many of the new.</p>\n");
  } else {
    html.markup(
        "<p class=\"lead\">No charter in force is proven here: this is the registry&rsquo;s "
        "first.</p>\n");
  }
  prepare_form_start(html, work, Href("/prepare/charter"));
  write_text_field(html, "name", "The registry's name",
                   value_of(asked, "name", before ? before->charter.name : std::string()));
  write_role_fields(html, asked, before);
  write_policy_fields(html, asked, before ? before->charter.policy : default_policy());
  prepare_form_end(html);
  return page;
}

}  // namespace cpl
