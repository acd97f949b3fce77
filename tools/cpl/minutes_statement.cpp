#include "tools/cpl/minutes_statement.hpp"

#include "crypto/hash.hpp"
#include "registry/minutes/json.hpp"
#include "tools/cpl/minutes_option.hpp"

namespace cpl {
namespace {

bool holds(const std::vector<std::uint64_t>& items, std::uint64_t number) {
  return std::find(items.begin(), items.end(), number) != items.end();
}

// The texts of an item, in clear or sealed.
void add_item(const OutlineItem& item, bool sealed, Minutes& minutes, Sealer& sealer) {
  const auto text = [&](const std::string& list, std::size_t position, const std::string& words) {
    if (!sealed) return Text(words);
    return sealer.seal("/" + list + "/" + std::to_string(position) + "/text", words);
  };
  for (const OutlineDecision& decision : item.decisions) {
    minutes.decisions.push_back({{item.number, decision.ordinal},
                                 decision.verb,
                                 text("decisions", minutes.decisions.size(), decision.text)});
  }
  for (const OutlineAction& action : item.actions) {
    minutes.actions.push_back({action.ref, action.owner.value_or("unknown"),
                               text("actions", minutes.actions.size(), action.text),
                               action.due ? Date::parse(*action.due) : std::nullopt});
  }
}

// A statement's words stay in the log for ever: what is confidential is sealed, or said to be
// public.
Result<void> check_confidential(const MinutesOutline& outline, const MinutesOptions& options) {
  for (const auto& named : {options.sealed_items, options.public_items}) {
    for (const std::uint64_t number : named) {
      const bool is_there =
          std::any_of(outline.items.begin(), outline.items.end(),
                      [number](const OutlineItem& item) { return item.number == number; });
      if (!is_there) {
        return Error{Errc::not_found, "minutes-item-unknown",
                     options.file + " has no item " + std::to_string(number), 0};
      }
    }
  }
  for (const OutlineItem& item : outline.items) {
    const std::string number = std::to_string(item.number);
    const bool says_something = !item.decisions.empty() || !item.actions.empty();
    if (!item.confidential || !says_something || holds(options.sealed_items, item.number) ||
        holds(options.public_items, item.number)) {
      continue;
    }
    return refuse("minutes-confidential",
                  std::string("item ")
                      .append(number)
                      .append(" is marked confidential, and the log would publish its words "
                              "for ever; give --seal ")
                      .append(number)
                      .append(", or --publish-item ")
                      .append(number)
                      .append(" if they may be public"));
  }
  return {};
}

// What the reader did not understand is a person's to read, before it counts.
Result<void> check_understood(const MinutesOutline& outline, const MinutesOptions& options) {
  if (!unplaced_lines(outline, options).empty() && !options.accept_unplaced) {
    return refuse("minutes-unplaced",
                  "lines of " + options.file +
                      " were not placed: read them there, and say so (--accept-unplaced) if no "
                      "decision or action is lost with them");
  }
  const bool decides = std::any_of(outline.items.begin(), outline.items.end(),
                                   [](const OutlineItem& item) { return !item.decisions.empty(); });
  if (decides || options.accept_no_decisions) return {};
  return refuse("minutes-without-decisions",
                "no decision was found in " + options.file +
                    "; final minutes without any contradict every decision of the meeting; give "
                    "--accept-no-decisions if it took none");
}

// Actions of earlier meetings. What an update comes to is a person's to say: without a word they
// stay open. Under seal they are named, and nothing is said of them.
Result<void> add_outstanding(const MinutesOutline& outline, const MinutesOptions& options,
                             Minutes& minutes) {
  for (const std::string& ref : options.closed_actions) {
    const bool named =
        std::any_of(outline.outstanding_actions.begin(), outline.outstanding_actions.end(),
                    [&](const auto& action) { return action.ref == ref; });
    if (named) continue;
    return Error{Errc::not_found, "action-not-found",
                 options.file + " names no outstanding action " + ref, 0};
  }
  for (const OutlineOutstandingAction& action : outline.outstanding_actions) {
    const auto& closed = options.closed_actions;
    const bool is_closed = std::find(closed.begin(), closed.end(), action.ref) != closed.end();
    MinutesOutstanding outstanding{action.ref, is_closed ? ActionState::closed : ActionState::open};
    if (options.sealed_items.empty() && !action.text.empty()) outstanding.text = action.text;
    minutes.outstanding.push_back(std::move(outstanding));
  }
  return {};
}

}  // namespace

std::vector<std::string> unplaced_lines(const MinutesOutline& outline,
                                        const MinutesOptions& options) {
  std::vector<std::string> lines;
  for (const OutlineUnplaced& unplaced : outline.unplaced) {
    if (unplaced.reason == minutes_date_unreadable && !options.date.empty()) continue;
    lines.push_back("line " + std::to_string(unplaced.line) + ": " + unplaced.reason + ": " +
                    unplaced.text);
  }
  return lines;
}

Result<Minutes> minutes_of(const MinutesOptions& options, BytesView document,
                           const MinutesOutline& outline, Sealer& sealer) {
  const Date date = TRY(meeting_date(outline, options.file, options.date));
  const std::string read_status(minutes_status_word(outline.meeting.status));
  const std::string status = options.status.empty() ? read_status : options.status;
  if (status != "draft" && status != "final") {
    return malformed("minutes-unreadable", options.file +
                                               " does not say whether it is draft or final; "
                                               "give --minutes-status");
  }
  TRY_VOID(check_confidential(outline, options));
  TRY_VOID(check_understood(outline, options));
  Minutes minutes{{outline.meeting.body, outline.meeting.ref},
                  date,
                  outline.meeting.title,
                  status == "final",
                  sha256(document),
                  document.size(),
                  document.starts_with("%PDF-") ? "application/pdf" : "text/plain",
                  options.classification,
                  {},
                  {}};
  for (const OutlineItem& item : outline.items) {
    add_item(item, holds(options.sealed_items, item.number), minutes, sealer);
  }
  TRY_VOID(add_outstanding(outline, options, minutes));
  return minutes;
}

}  // namespace cpl
