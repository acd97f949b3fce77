#include "registry/minutes/front.hpp"

#include <algorithm>

#include "registry/minutes/words.hpp"

namespace cpl {
namespace {

constexpr std::size_t heading_size_max = 300;
constexpr std::size_t status_words_max = 12;

// "SEC Panel Meeting 30"
struct Title {
  std::string body_name;
  std::uint32_t number = 0;
};

std::optional<Title> parse_title(std::string_view line) {
  const auto words = split_words(line);
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    const std::string_view number = words[i + 1].core;
    if (!same_word(words[i].core, "meeting") || number.size() > 4 ||
        !std::all_of(number.begin(), number.end(), is_ascii_digit)) {
      continue;
    }
    return Title{squeeze_spaces(line.substr(0, words[i].begin)),
                 static_cast<std::uint32_t>(std::stoul(std::string(number)))};
  }
  return std::nullopt;
}

// What a line of the heading says of the status of the minutes.
enum class StatusLine : std::uint8_t { silent, unsaid, draft, final, unclear };

StatusLine parse_status(std::string_view line) {
  const auto words = split_words(line);
  if (words.size() > status_words_max) return StatusLine::silent;
  const auto says = [&words](std::string_view sought) {
    return std::any_of(words.begin(), words.end(),
                       [sought](const MinutesWord& word) { return same_word(word.core, sought); });
  };
  const bool minutes = says("minutes");
  if (!minutes && words.size() != 1) return StatusLine::silent;
  if (says("draft") && says("final")) return StatusLine::unclear;
  if (says("draft")) return StatusLine::draft;
  if (says("final")) return StatusLine::final;
  return minutes ? StatusLine::unsaid : StatusLine::silent;
}

class FrontReader {
 public:
  explicit FrontReader(std::vector<OutlineUnplaced>& unplaced) : unplaced_(unplaced) {}

  void add(MinutesLine line) {
    if (enter_table(line) && line.text.empty()) return;
    if (section_ == Section::heading) return read_heading(line);
    if (is_table_heading(line.text)) return;
    if (section_ == Section::apologies &&
        (starts_with_word(line.text, "none") || starts_with_word(line.text, "no apologies"))) {
      return;
    }
    AttendanceTable& table = section_ == Section::attendance ? attendance_ : apologies_;
    if (!table.add(line.text)) report(line, "neither a category nor the name of somebody in one");
  }

  Result<MinutesFront> finish() {
    OutlineMeeting& meeting = front_.meeting;
    if (meeting.ref.empty()) {
      return malformed("minutes-meeting-missing",
                       "no line like \"Meeting SECP_30_1103, 11th March 2016\" stands before the "
                       "first item: these are not the minutes of a meeting");
    }
    if (meeting.title.empty()) meeting.title = "Meeting " + meeting.ref;
    if (title_line_ && title_number_ != meeting.number) {
      report(*title_line_, "the title and the reference give the meeting different numbers");
    }
    // The reference ends in the day and the month, so it tells how "11/03/2016" is meant.
    if (!meeting.date && numeric_date_ && numeric_date_->ends_with(month_and_day_)) {
      meeting.date = numeric_date_;
    }
    if (!meeting.date) {
      report(reference_line_, std::string(minutes_date_unreadable));
    } else if (!meeting.date->ends_with(month_and_day_)) {
      report(reference_line_, "the meeting's reference is of another day than its date");
    }
    front_.attendance = attendance_.take();
    front_.apologies = apologies_.take();
    return std::move(front_);
  }

 private:
  enum class Section : std::uint8_t { heading, attendance, apologies };

  // Takes the words that begin a table off the line.
  bool enter_table(MinutesLine& line) {
    static constexpr std::string_view attendance[] = {"attendees", "attendance", "present",
                                                      "in attendance"};
    if (starts_with_word(line.text, "representing")) {  // The heading of a second table.
      line.text = {};
      attendance_.close_category();
      section_ = Section::attendance;
      return true;
    }
    for (const std::string_view word : attendance) {
      if (!starts_with_word(line.text, word)) continue;
      take_off(line, word);
      attendance_.close_category();
      section_ = Section::attendance;
      return true;
    }
    if (!starts_with_word(line.text, "apologies")) return false;
    take_off(line, "apologies");
    apologies_.close_category();
    section_ = Section::apologies;
    return true;
  }

  static void take_off(MinutesLine& line, std::string_view word) {
    line.text = trim(line.text.substr(word.size()));
    if (line.text.starts_with(':')) line.text = trim(line.text.substr(1));
  }

  static bool is_table_heading(std::string_view text) {
    return starts_with_word(text, "category") || starts_with_word(text, "name");
  }

  void read_heading(const MinutesLine& line) {
    if (line.text.size() > heading_size_max) return report(line, "not part of the heading");
    const auto reference = find_meeting_reference(line.text);
    if (reference && front_.meeting.ref.empty()) return take_reference(line, *reference);
    if (reference && reference->ref == front_.meeting.ref) return repeat_reference(line);
    const auto title = parse_title(line.text);
    if (title && front_.meeting.title.empty()) return take_title(line, *title);
    const StatusLine status = parse_status(line.text);
    if (status != StatusLine::silent) return take_status(line, status);
    if (!front_.meeting.ref.empty() && !front_.meeting.date && date_begins(line.text)) {
      front_.meeting.date = find_date(line.text);
      return;
    }
    if (!front_.meeting.ref.empty() && !numeric_date_ && split_words(line.text).size() <= 3) {
      numeric_date_ = find_numeric_date(line.text);
      if (numeric_date_) return;
    }
    if (front_.meeting.ref.empty() || !continues_place(line)) {
      return report(line, "not part of the heading");
    }
    std::string& place = front_.meeting.place;
    if (!place.empty()) place += place.ends_with(',') ? " " : ", ";
    place += squeeze_spaces(line.text);
    place_is_open_ = true;
  }

  static bool date_begins(std::string_view text) {
    const auto words = split_words(text);
    return date_at(words, 0) || date_at(words, 1);  // After the day of the week.
  }

  // The place is one paragraph after the meeting's reference.
  bool continues_place(const MinutesLine& line) const {
    return front_.meeting.place.empty() || (place_is_open_ && line.gap == MinutesGap::none);
  }

  void take_title(const MinutesLine& line, const Title& title) {
    front_.meeting.title = squeeze_spaces(line.text);
    front_.body_name = title.body_name;
    title_number_ = title.number;
    title_line_ = line;
    place_is_open_ = false;
    const StatusLine status = parse_status(line.text);
    if (status != StatusLine::silent) take_status(line, status);
  }

  // A running header before the heading names the meeting too.
  void repeat_reference(const MinutesLine& line) {
    if (!front_.meeting.date) front_.meeting.date = find_date(line.text);
    if (!numeric_date_) numeric_date_ = find_numeric_date(line.text);
    const StatusLine status = parse_status(line.text);
    if (status != StatusLine::silent) take_status(line, status);
  }

  void take_reference(const MinutesLine& line, const MeetingReference& reference) {
    front_.meeting.body = reference.body;
    front_.meeting.ref = reference.ref;
    front_.meeting.number = reference.number;
    front_.meeting.date = find_date(line.text);
    numeric_date_ = find_numeric_date(line.text);
    month_and_day_ = reference.month_and_day;
    reference_line_ = line;
    place_is_open_ = false;
    const StatusLine status = parse_status(line.text);
    if (status != StatusLine::silent) take_status(line, status);
  }

  void take_status(const MinutesLine& line, StatusLine said) {
    place_is_open_ = false;
    if (said == StatusLine::unsaid) return;
    const auto status = said == StatusLine::draft ? MinutesStatus::draft : MinutesStatus::final;
    const bool conflict = front_.meeting.status && *front_.meeting.status != status;
    if (said == StatusLine::unclear || conflict) {
      front_.meeting.status.reset();
      return report(line, "the minutes call themselves both draft and final");
    }
    front_.meeting.status = status;
  }

  void report(const MinutesLine& line, std::string reason) {
    unplaced_.push_back({line.number, std::move(reason), squeeze_spaces(line.text)});
  }

  std::vector<OutlineUnplaced>& unplaced_;
  MinutesFront front_;
  Section section_ = Section::heading;
  AttendanceTable attendance_;
  AttendanceTable apologies_;
  std::optional<MinutesLine> title_line_;
  std::uint32_t title_number_ = 0;
  MinutesLine reference_line_;
  std::optional<std::string> numeric_date_;
  std::string month_and_day_;  // Of the meeting's reference.
  bool place_is_open_ = false;
};

}  // namespace

Result<MinutesFront> read_minutes_front(const std::vector<MinutesLine>& lines,
                                        std::vector<OutlineUnplaced>& unplaced) {
  FrontReader reader(unplaced);
  for (const MinutesLine& line : lines) reader.add(line);
  return reader.finish();
}

}  // namespace cpl
