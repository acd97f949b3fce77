#include "registry/event/cover_ending.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/base/london.hpp"

namespace cpl {
namespace {

constexpr int days_max = 31;

std::string two_digits(unsigned number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

// Months since year 0, and the day of the month.
struct MonthDay {
  int month = 0;
  int day = 0;
};

MonthDay parts_of(const Date& date) {
  const std::string& text = date.text();
  return {std::stoi(text.substr(0, 4)) * 12 + std::stoi(text.substr(5, 2)) - 1,
          std::stoi(text.substr(8, 2))};
}

std::optional<Date> date_of(const MonthDay& parts) {
  if (parts.month < 0) return std::nullopt;
  std::string year = std::to_string(parts.month / 12);
  year.insert(0, 4 - std::min<std::size_t>(4, year.size()), '0');
  return Date::parse(year + "-" + two_digits(static_cast<unsigned>(parts.month % 12 + 1)) + "-" +
                     two_digits(static_cast<unsigned>(parts.day)));
}

// That day of the month, or the month's last where it has no such.
Date day_or_last(MonthDay parts) {
  while (true) {
    if (auto date = date_of(parts)) return *std::move(date);
    check(parts.day > 1);
    --parts.day;
  }
}

std::string summary_of(const CoverEnding& ending) {
  const bool dated = ending.kind == CpaCertificate::Kind::dated;
  const std::string when = ending.months == 0 ? "today" : "in " + counted(ending.months, "month");
  return std::string("Certificate: the CPA certificate of ") + ending.model.text() +
         (dated ? " expires " : " is to be renewed ") + when + ", on " + ending.end.text() +
         ". Nothing is removed by that alone";
}

Error altered(const std::string& what) { return Error{Errc::unauthorized, "event-altered", what}; }

}  // namespace

Date months_before(const Date& day, unsigned months) {
  const MonthDay parts = parts_of(day);
  return day_or_last({parts.month - static_cast<int>(months), parts.day});
}

std::vector<Date> days_told_on(const Date& day, unsigned months) {
  const MonthDay parts = parts_of(day);
  std::vector<Date> days;
  for (int one = parts.day; one <= days_max; ++one) {
    const auto date = date_of({parts.month + static_cast<int>(months), one});
    if (date && months_before(*date, months) == day) days.push_back(*date);
  }
  return days;
}

Date told_on(const CoverEnding& ending) { return months_before(ending.end, ending.months); }

std::string ending_id(const CoverEnding& ending) {
  return "ending-" + ending.model.text() + "-" + ending.end.text() + "-" +
         two_digits(ending.months);
}

Event event_of(const CoverEnding& ending, Bytes leaf) {
  Event event{ending.entry,
              std::string(cover_ending_kind),
              "model/" + ending.model.text(),
              london_midnight(told_on(ending)),
              summary_of(ending),
              {ending.model},
              std::move(leaf)};
  return event;
}

std::optional<CpaCertificate> cpa_given(const StatementBody& body, const ModelId& model) {
  if (const auto* addition = std::get_if<Addition>(&body)) {
    if (addition->model.id() == model) return addition->model.cpa;
  } else if (const auto* correction = std::get_if<Correction>(&body)) {
    if (correction->model.id() == model) return correction->model.cpa;
  } else if (const auto* change = std::get_if<CertificateChange>(&body)) {
    if (change->model == model) return change->renewed_cpa;
  }
  return std::nullopt;
}

Result<CoverEnding> read_ending(const Json& data, BytesView leaf) {
  FieldErrors errors;
  FieldReader reader(data, "#/data", errors);
  const auto model = ModelId::parse(reader.text("model", 100));
  const auto end = reader.date("end_date");
  const auto day = reader.date("day");
  const std::uint64_t months = reader.integer("months", 0, months_ahead_max);
  if (!errors.empty() || !model || !end || !day) {
    return malformed("event-malformed", "the event does not say whose certificate ends when");
  }
  const Entry entry = TRY(parse_entry(leaf));
  const Statement statement = TRY(read_signed(entry.statement));
  const auto cpa = cpa_given(statement.body, *model);
  if (!cpa || cpa->end_date != *end) {
    return altered("entry " + std::to_string(entry.index.value) + " gives " + model->text() +
                   " no certificate that ends on " + end->text());
  }
  CoverEnding ending{*model, cpa->kind, *end, static_cast<unsigned>(months), entry.index};
  if (told_on(ending) == *day) return ending;
  return altered("it is told on " + day->text() + ", and is due on " + told_on(ending).text());
}

}  // namespace cpl
