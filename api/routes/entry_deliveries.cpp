// Did every Party get the event of an entry? By Party, and of their subscriptions nothing else.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/parties.hpp"
#include "notifier/run/entry_deliveries.hpp"
#include "registry/base/london.hpp"

namespace cpl {
namespace {

Json delivery_view(const Party& party, const PartyDelivery& delivery, UnixMillis due) {
  Json json = {{"party", party.name},
               {"audience", word_of(party.audience)},
               {"state", word_of(delivery.state)},
               {"account_since", format_time(party.created)},
               {"failed_attempts", delivery.failed_attempts}};
  if (!party.details.legal_name.empty()) json["legal_name"] = party.details.legal_name;
  if (delivery.at) {
    json["delivered"] = format_time(*delivery.at);
    json["delivered_late"] = *delivery.at > due;
  }
  if (party.removed) json["removed"] = format_time(*party.removed);
  return json;
}

}  // namespace

Result<HttpResponse> PartyRoutes::deliveries(const Call& call) const {
  const PartyBook& parties = *TRY(book_here());
  const EntryIndex index = TRY(call.entry());
  if (index.value >= call.log.size().value) {
    return Error{Errc::not_found, "entry-not-found", "the log has no such entry"};
  }
  const UnixMillis entered = TRY(call.log.entry(index)).time;
  const EntryDue asked{index,
                       desk.calendar.end_of(london_day(entered), desk.limits.notify_working_days)};
  const UnixMillis now = clock.now();
  Json list = Json::array();
  Json counts = Json::object();
  for (const std::string_view word : delivery_state_words) counts[std::string(word)] = 0;
  for (const Party& party : parties.list()) {
    if (party.removed && *party.removed < entered) continue;
    const auto delivery =
        TRY(entry_delivery(notifier, call.log, party.name, party.audience, asked, now));
    if (!delivery) continue;
    list.push_back(delivery_view(party, *delivery, asked.due));
    Json& count = counts[std::string(word_of(delivery->state))];
    count = count.get<std::uint64_t>() + 1;
  }
  return json_response(200, {{"entry", index.value},
                             {"time", format_time(entered)},
                             {"due", format_time(asked.due)},
                             {"counts", std::move(counts)},
                             {"deliveries", std::move(list)}});
}

}  // namespace cpl
