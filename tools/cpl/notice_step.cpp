#include "tools/cpl/notice_step.hpp"

#include "tools/cpl/answer_text.hpp"

namespace cpl {

std::optional<NoticeStep> next_step(const Json& notice) {
  std::optional<NoticeStep> next;
  for (const Json& clock : notice.value("clocks", Json::array())) {
    const auto due = parse_time(text_of(clock, "due"));
    if (!text_of(clock, "done").empty() || !due || (next && next->due <= *due)) continue;
    next = NoticeStep{text_of(clock, "step"), *due};
  }
  return next;
}

}  // namespace cpl
