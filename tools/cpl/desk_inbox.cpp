// cpl desk inbox: what waits for the Service Desk, by the time left. cpl notices: what it was told.
#include "crypto/encoding.hpp"
#include "registry/base/london.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/notice_rows.hpp"
#include "tools/cpl/notice_step.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/proven_entry.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t millis_per_minute = 60'000;

// "21 h 40 min", "3 d 2 h"; minutes are enough for a person.
std::string duration_text(std::uint64_t millis) {
  const std::uint64_t minutes = millis / millis_per_minute;
  const std::uint64_t hours = minutes / 60;
  if (hours >= 48) return std::to_string(hours / 24) + " d " + std::to_string(hours % 24) + " h";
  if (hours == 0) return std::to_string(minutes) + " min";
  return std::to_string(hours) + " h " + std::to_string(minutes % 60) + " min";
}

struct InboxRow {
  Json notice;
  std::string step;  // The next that is due; empty where nothing is.
  UnixMillis due;
};

InboxRow row_of(const Json& notice) {
  if (const auto next = next_step(notice)) return {notice, next->step, next->due};
  return {notice, "", UnixMillis{std::numeric_limits<std::uint64_t>::max()}};
}

std::string time_left(const InboxRow& row, UnixMillis now) {
  if (row.step.empty()) {
    return text_of(row.notice, "state") == "validated" ? "waiting for SECAS to enter the removals"
                                                       : "nothing is due";
  }
  const std::string step = printable(row.step);
  if (row.due < now) {
    return red(step + " is " + duration_text(now.value - row.due.value) + " late");
  }
  return step + " within " + duration_text(row.due.value - now.value) + ", by " + uk_time(row.due);
}

bool is_said_removed(const Json& notice, const std::string& model) {
  return notice.at("removals").contains(model);
}

std::vector<std::string> models_of(const Json& notice) {
  std::vector<std::string> models;
  for (const Json& model : notice.at("models")) {
    if (model.is_string()) models.push_back(model.get<std::string>());
  }
  return models;
}

std::string row_text(const InboxRow& row, UnixMillis now) {
  const std::string entry = text_of(row.notice, "entry");
  std::string text = bold("notice " + entry) + "  " + text_of(row.notice, "state") + ", " +
                     time_left(row, now) + "\n";
  const Json& authority = row.notice.at("authority");
  text += "  decided by    " + decision_text(authority.at("reference")) + " (" +
          text_of(authority, "standing") + ")\n";
  text += "                \"" + text_of(authority, "text") + "\"\n";
  text += "  takes effect  " + told_time(text_of(row.notice, "effective_from")) + "\n";
  for (const std::string& model : models_of(row.notice)) {
    text += std::string("  ") +
            (is_said_removed(row.notice, model) ? "removed       " : "to remove     ") +
            printable(model) + "\n";
  }
  if (row.notice.contains("rejection")) {
    const Json& rejection = row.notice.at("rejection");
    text += "  rejected      " + red(text_of(rejection, "code")) + ": " +
            text_of(rejection, "text") + "\n";
  }
  return text;
}

}  // namespace

// All pages: the oldest notice may be the one that is late.
Result<std::vector<Json>> fetch_notices(const HttpClient& client, bool all, Json& contact) {
  std::vector<Json> notices;
  const std::string path = "/v1/notices?limit=500" + std::string(all ? "" : "&state=open");
  const auto take = [&](const Json& page) -> Result<bool> {
    contact = page.value("contact", Json());
    for (const Json& notice : TRY(rows_of(page, "notices"))) {
      const std::string before = notices.empty() ? "" : text_of(notices.back(), "entry");
      const std::string entry = std::to_string(TRY(number_in(notice, "entry")));
      if (!before.empty() && !goes_on(before, entry, Direction::falling)) {
        return evidence_mismatch("the registry's notices are not in their order: notice " + entry);
      }
      const std::string state = text_of(notice, "state");
      const auto known = read_word<NoticeState>(state);
      if (!all && (!known || is_over(*known))) {
        return evidence_mismatch(std::string("notice ").append(entry).append(" is ").append(state) +
                                 ", and was not what was asked for");
      }
      notices.push_back(notice);
    }
    return true;
  };
  TRY_VOID(for_each_page(client, {path, "notices", "before", Direction::falling}, take));
  return notices;
}

namespace {

// Why the desk rejected it, as its receipt says.
Result<void> add_rejection(const HttpClient& client, Json& notice) {
  if (text_of(notice, "state") != "rejected") return {};
  const Json receipts = notice.value("receipts", Json::array());
  if (receipts.empty()) return {};
  const auto index = from_decimal(receipts.back().dump());
  if (!index) return answer_malformed("a receipt of the registry's notice is no entry");
  const ProvenRead read = TRY(read_entry(client, EntryIndex{*index}, {}));
  const auto* receipt = std::get_if<Receipt>(&read.statement.body);
  if (receipt == nullptr || std::to_string(receipt->notice.value) != text_of(notice, "entry")) {
    return evidence_mismatch("entry " + std::to_string(*index) + " is no receipt of notice " +
                             text_of(notice, "entry"));
  }
  const Json content = to_json(read.statement.body);
  notice["rejection"] = {{"entry", *index},
                         {"code", content.value("code", "")},
                         {"text", content.value("text", Json(""))}};
  return {};
}

Result<void> show_inbox(const Cli& cli, bool all) {
  const HttpClient client = cli.client();
  Json contact;
  std::vector<Json> notices = TRY(fetch_notices(client, all, contact));
  for (Json& notice : notices) TRY_VOID(add_rejection(client, notice));
  std::vector<InboxRow> rows;
  rows.reserve(notices.size());
  for (const Json& notice : notices) rows.push_back(row_of(notice));
  std::stable_sort(rows.begin(), rows.end(),
                   [](const InboxRow& a, const InboxRow& b) { return a.due < b.due; });
  const UnixMillis now = cli.clock.now();
  std::string text;
  Json list = Json::array();
  std::size_t late = 0;
  for (const InboxRow& row : rows) {
    text += row_text(row, now) + "\n";
    late += !row.step.empty() && row.due < now ? 1U : 0U;
    list.push_back(row.notice);
    list.back()["next_step"] = row.step.empty() ? Json() : Json(row.step);
    list.back()["next_due"] = row.step.empty() ? Json() : Json(format_time(row.due));
  }
  text += counted(rows.size(), "notice") + (all ? "" : " not yet applied") + ", " +
          std::to_string(late) + " late, as the registry says; cpl desk check N proves one";
  if (contact.is_string() && !contact.get<std::string>().empty()) {
    text += "\nif something does not fit: " + printable(contact.get<std::string>());
  }
  cli.print({{"notices", list}, {"late", late}, {"contact", contact}}, text);
  return {};
}

struct NoticesOptions {
  std::string since;
};

std::string notice_line(const Json& notice) {
  std::string text = column(told_time(text_of(notice, "issued")), 26) + "notice " +
                     column(text_of(notice, "entry"), 7) + column(text_of(notice, "state"), 10) +
                     decision_text(notice.at("authority").at("reference")) + "\n";
  for (const std::string& model : models_of(notice)) text += "    " + printable(model) + "\n";
  return text;
}

Result<void> show_notices(const Cli& cli, const NoticesOptions& options) {
  const auto day = Date::parse(options.since);
  if (!options.since.empty() && !day) {
    return malformed("date-malformed", "--since is a day such as 2026-11-13");
  }
  Json contact;
  Json kept = Json::array();
  std::string text;
  for (const Json& notice : TRY(fetch_notices(cli.client(), true, contact))) {
    const auto issued = parse_time_millis(text_of(notice, "issued"));
    if (day && issued && *issued < london_midnight(*day)) continue;
    text += notice_line(notice);
    kept.push_back(notice);
  }
  text += counted(kept.size(), "notice") + " to the Service Desk" +
          (day ? " since " + options.since : "") + ", the newest first, as the registry says";
  cli.print({{"notices", kept}}, text);
  return {};
}

}  // namespace

void add_inbox_command(Cli& cli, CLI::App& desk) {
  auto all = std::make_shared<bool>(false);
  CLI::App* inbox =
      add_command(desk, "inbox", "Show the notices that wait for you, the most urgent first",
                  "cpl desk inbox --server https://cpl.example");
  inbox->add_flag("--all", *all, "Also what is applied or rejected");
  inbox->callback([&cli, all] { cli.run([&] { return show_inbox(cli, *all); }); });
}

void add_notices_command(Cli& cli) {
  auto options = std::make_shared<NoticesOptions>();
  CLI::App* notices = add_command(cli.app, "notices", "Show the notices that the Service Desk had",
                                  "cpl notices --since 2026-11-23");
  notices->add_option("--since", options->since, "Those of this day and later")->type_name("DAY");
  notices->callback([&cli, options] { cli.run([&] { return show_notices(cli, *options); }); });
}

}  // namespace cpl
