#include "api/pictures/month_bars.hpp"

#include <algorithm>

#include "api/html/said_time.hpp"

namespace cpl {
namespace {

constexpr std::size_t months_max = 12;
constexpr int left = 20;
constexpr int step = 82;
constexpr int bar_width = 46;
constexpr int half_bar = bar_width / 2;

int scaled(std::uint64_t value, std::uint64_t most, int tallest) {
  return most == 0 ? 0 : static_cast<int>(value * static_cast<std::uint64_t>(tallest) / most);
}

int place_of(std::size_t month) { return left + static_cast<int>(month) * step; }

std::string month_label(const MonthBar& bar, bool with_year) {
  const std::string name = said_month(bar.month);
  return name.substr(0, 3) + (with_year ? " " + bar.month.substr(0, 4) : "");
}

bool begins_year(const std::vector<MonthBar>& months, std::size_t at) {
  return at == 0 || months[at].month.ends_with("-01");
}

std::uint64_t most_of(const std::vector<MonthBar>& months, std::uint64_t MonthBar::*member) {
  std::uint64_t most = 0;
  for (const MonthBar& bar : months) most = std::max(most, bar.*member);
  return most;
}

std::uint64_t sum_of(const std::vector<MonthBar>& months, std::uint64_t MonthBar::*member) {
  std::uint64_t sum = 0;
  for (const MonthBar& bar : months) sum += bar.*member;
  return sum;
}

void write_ground(HtmlWriter& html, int y) {
  write_rect(html, "axis", {.x = 0, .y = y, .width = 1000, .height = 1});
}

}  // namespace

void write_change_bars(HtmlWriter& html, std::vector<MonthBar> months) {
  if (months.size() > months_max) months.erase(months.begin(), months.end() - months_max);
  constexpr int height = 250;
  constexpr int base = 170;
  const std::uint64_t top = most_of(months, &MonthBar::whole);
  const std::uint64_t down = most_of(months, &MonthBar::marked);
  picture_start(html, "months", height, "Additions and removals by month",
                grouped(sum_of(months, &MonthBar::whole)) + " added and " +
                    grouped(sum_of(months, &MonthBar::marked)) +
                    " removed in these months. The table has every month.");
  for (std::size_t i = 0; i < months.size(); ++i) {
    const MonthBar& bar = months[i];
    const int x = place_of(i);
    const int up = scaled(bar.whole, top, 130);
    write_rect(html, "bar", {.x = x, .y = base - up, .width = bar_width, .height = up});
    write_label(html, "s c", x + half_bar, base - up - 7, grouped(bar.whole));
    if (bar.marked > 0) {
      const int below = std::max(scaled(bar.marked, down, 44), 2);
      write_rect(html, "bar2", {.x = x, .y = base + 2, .width = bar_width, .height = below});
      write_label(html, "s b badt", x + bar_width + 6, base + 17, grouped(bar.marked));
    }
    write_label(html, "s m c", x + half_bar, height - 8, month_label(bar, begins_year(months, i)));
  }
  write_ground(html, base + 1);
  picture_end(html, "Blue, above the line: added. Red, below it: removed.");
}

void write_forecast_bars(HtmlWriter& html, std::vector<MonthBar> months) {
  if (months.size() > months_max) months.resize(months_max);
  constexpr int height = 220;
  constexpr int base = 180;
  const std::uint64_t top = most_of(months, &MonthBar::whole);
  picture_start(html, "forecast", height, "Certificates that end, by month",
                grouped(sum_of(months, &MonthBar::whole)) + " models in all; " +
                    grouped(sum_of(months, &MonthBar::marked)) +
                    " of them have no listed successor. The table has every month.");
  for (std::size_t i = 0; i < months.size(); ++i) {
    const MonthBar& bar = months[i];
    const int x = place_of(i);
    const int whole = scaled(bar.whole, top, 135);
    const int part = scaled(bar.marked, top, 135);
    write_rect(html, "bar",
               {.x = x, .y = base - whole, .width = bar_width, .height = whole - part});
    if (bar.marked > 0) {
      write_rect(html, "late", {.x = x, .y = base - part, .width = bar_width, .height = part});
      write_label(html, "s b badt", x + bar_width + 6, base - 3, grouped(bar.marked));
    }
    write_label(html, "s b c", x + half_bar, base - whole - 7, grouped(bar.whole));
    write_label(html, "s m c", x + half_bar, height - 8, month_label(bar, begins_year(months, i)));
  }
  write_ground(html, base + 1);
  picture_end(html,
              "Blue: models of which a certificate ends. Red: those of them without a listed "
              "successor.");
}

}  // namespace cpl
