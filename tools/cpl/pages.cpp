#include "tools/cpl/pages.hpp"

#include <nlohmann/json.hpp>

#include "api/feed/filter_query.hpp"
#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t pages_max = 10'000;  // Five million rows.
constexpr std::size_t octets_max = 512U << 20U;
constexpr int answers_of_time_max = 10;  // All pages take no longer than so many answers may.

Error endless(const PagedList& list) {
  return answer_malformed("the registry's list at " + list.path +
                          " never ends: its pages repeat or skip");
}

// Where the next page begins; empty where there is none.
Result<std::string> next_of(const Json& page) {
  const auto next = page.find("next");
  if (next == page.end() || next->is_null()) return std::string();
  if (next->is_number_unsigned()) return std::to_string(next->get<std::uint64_t>());
  if (next->is_string() && !next->get<std::string>().empty()) return next->get<std::string>();
  return answer_malformed("the registry's page names a next page that cannot be one");
}

}  // namespace

bool goes_on(const std::string& from, const std::string& to, Direction direction) {
  const auto before = from_decimal(from);
  const auto after = from_decimal(to);
  const bool rises = before && after ? *before < *after : from < to;
  return from != to && rises == (direction == Direction::rising);
}

Result<std::vector<Json>> rows_of(const Json& page, const std::string& name) {
  const auto rows = page.find(name);
  if (rows == page.end() || !rows->is_array()) {
    return answer_malformed("the registry's answer has no " + name);
  }
  for (const Json& row : *rows) {
    if (!row.is_object()) return answer_malformed("one of the registry's " + name + " is none");
  }
  return rows->get<std::vector<Json>>();
}

Result<std::uint64_t> number_in(const Json& answer, const char* name) {
  const auto member = answer.find(name);
  if (member != answer.end() && member->is_number_unsigned()) return member->get<std::uint64_t>();
  return answer_malformed(std::string("the registry's answer has no ") + name);
}

Result<void> for_each_page(const HttpClient& client, const PagedList& list, const TakePage& take) {
  const auto deadline = std::chrono::steady_clock::now() + answers_of_time_max * client.time_max();
  const std::string more = list.path.find('?') == std::string::npos ? "?" : "&";
  std::string cursor = list.start;
  std::size_t octets = 0;
  for (std::size_t pages = 0; pages < pages_max; ++pages) {
    const std::string at = cursor.empty() ? "" : more + list.cursor + "=" + percent_encode(cursor);
    const HttpAnswer answer = TRY(client.get(list.path + at));
    octets += answer.body.size();
    const Json page = TRY(json_of(answer));
    if (!TRY(take(page))) return {};
    const std::string next = TRY(next_of(page));
    if (next.empty()) return {};
    const bool late = octets > octets_max || std::chrono::steady_clock::now() > deadline;
    if (late || (!cursor.empty() && !goes_on(cursor, next, list.direction))) return endless(list);
    cursor = next;
  }
  return endless(list);
}

Result<void> for_each_row(const HttpClient& client, const PagedList& list, const TakeRow& take) {
  return for_each_page(client, list, [&](const Json& page) -> Result<bool> {
    for (const Json& row : TRY(rows_of(page, list.rows))) TRY_VOID(take(row));
    return true;
  });
}

}  // namespace cpl
