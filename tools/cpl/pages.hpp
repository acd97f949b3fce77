// A list of the registry, page by page. It has an end whatever the registry answers: the cursor
// goes one way, and pages, octets and time are bounded.
#pragma once

#include "tools/shared/http_client.hpp"

namespace cpl {

enum class Direction : std::uint8_t { rising, falling };

struct PagedList {
  std::string path;    // With the query but for the cursor: "/v1/entries?limit=500".
  std::string rows;    // The member that holds them.
  std::string cursor;  // The parameter that goes on where the last page ended: "from".
  Direction direction = Direction::rising;
  std::string start{};  // Where the first page begins; empty: where the list does.
};

using TakePage = std::function<Result<bool>(const Json& page)>;  // Whether it wants more.
using TakeRow = std::function<Result<void>(const Json& row)>;

// Each page is an object, and its rows are objects (`answer-malformed`).
Result<void> for_each_page(const HttpClient& client, const PagedList& list, const TakePage& take);
Result<void> for_each_row(const HttpClient& client, const PagedList& list, const TakeRow& take);

// Whether `to` is behind `from` that way: numbers as numbers, ids as text.
bool goes_on(const std::string& from, const std::string& to, Direction direction);
// The rows of a page, each an object.
Result<std::vector<Json>> rows_of(const Json& page, const std::string& name);
// A number of the answer that must be there.
Result<std::uint64_t> number_in(const Json& answer, const char* name);

}  // namespace cpl
