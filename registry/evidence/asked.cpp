#include "registry/evidence/asked.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::array<std::string_view, 6> asked_words = {"removal",  "notice", "model",
                                                         "decision", "entry",  "extract"};

Error not_a_question(std::string_view text) {
  return malformed("question-malformed",
                   "\"" + std::string(text) +
                       "\" is no question: it is such as notice:1503, decision:1498, "
                       "removal:MODEL, model:MODEL, model:MODEL@120, "
                       "model:MODEL@2026-07-09T10:15:30Z, entry:1507 or extract:12");
}

Error mismatch(std::string detail) {
  return Error{Errc::unauthorized, "evidence-mismatch", std::move(detail)};
}

bool is_of_model(std::string_view what) { return what == "removal" || what == "model"; }

// "at size 120", "as of now"
std::string told_size(const Asked& asked) {
  return asked.size ? "log size " + std::to_string(asked.size->value)
                    : "the newest entry of its checkpoint";
}

Result<void> check_size(const Verdict& verdict, const Asked& asked) {
  if (verdict.tree_size < asked.shown) {
    return mismatch("it is of the log with " + counted(verdict.tree_size.value, "entry") +
                    ", and the registry has shown " + std::to_string(asked.shown.value) +
                    " already: it is an older answer");
  }
  if (asked.time) return {};
  if (verdict.size == asked.size.value_or(verdict.tree_size)) return {};
  return mismatch("it is of log size " + std::to_string(verdict.size.value) + ", and " +
                  told_size(asked) + " was asked about");
}

Result<void> check_time(const Verdict& verdict, const Asked& asked) {
  if (!asked.time || !verdict.since) return {};
  const std::string wanted = ", and " + format_time(*asked.time) + " was asked about";
  if (*asked.time < *verdict.since) {
    return mismatch("it begins at " + format_time_millis(*verdict.since) + wanted);
  }
  if (verdict.until && *verdict.until <= *asked.time) {
    return mismatch("it ends at " + format_time_millis(*verdict.until) + wanted);
  }
  return {};
}

// Of a verdict that failed by itself only what the file says it is about is known.
Result<void> check_answer(const Verdict& verdict, const Asked& asked) {
  TRY_VOID(check_about(asked, word_of(verdict.question), verdict.subject));
  if (verdict.outcome == Outcome::invalid) return {};
  TRY_VOID(check_size(verdict, asked));
  return check_time(verdict, asked);
}

}  // namespace

Result<Asked> parse_asked(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos) return not_a_question(text);
  const std::string_view what = text.substr(0, colon);
  const std::string_view rest = text.substr(colon + 1);
  const auto at = rest.find('@');
  Asked asked;
  asked.what.emplace_back(what);
  asked.subject = rest.substr(0, at);
  const bool known = std::find(asked_words.begin(), asked_words.end(), what) != asked_words.end();
  const bool fits = is_of_model(what) ? ModelId::parse(asked.subject).has_value()
                                      : from_decimal(asked.subject).has_value();
  if (!known || !fits) return not_a_question(text);
  if (at == rest.npos) return asked;
  const std::string_view when = rest.substr(at + 1);
  if (const auto size = from_decimal(when)) asked.size = TreeSize{*size};
  if (what == "model" && !asked.size) asked.time = parse_time(when);
  if ((what != "model" && what != "extract") || (!asked.size && !asked.time)) {
    return not_a_question(text);
  }
  return asked;
}

Result<void> check_about(const Asked& asked, std::string_view what, std::string_view subject) {
  const bool is_asked = std::find(asked.what.begin(), asked.what.end(), what) != asked.what.end() &&
                        asked.subject == subject;
  if (is_asked) return {};
  return mismatch("it is about " + std::string(what) + " " + std::string(subject) + ", and " +
                  asked.what.front() + " " + asked.subject + " was asked about");
}

void bind(Verdict& verdict, const Asked& asked) {
  if (verdict.subject.empty()) return;  // It is no evidence at all, which the verdict says.
  if (const auto bound = check_answer(verdict, asked); !bound) {
    verdict.outcome = Outcome::invalid;
    verdict.code = bound.error().code;
    verdict.sentence = bound.error().detail;
    verdict.checks.push_back({"question", false, bound.error().detail});
    return;
  }
  if (verdict.outcome == Outcome::invalid) return;
  verdict.checks.push_back({"question", true, "it is what was asked"});
  const bool reaches =
      !asked.time || verdict.until || (verdict.as_of && *asked.time <= *verdict.as_of);
  if (reaches) return;
  verdict.outcome = Outcome::valid_stale;
  verdict.sentence += "; whether it still was so at " + format_time(*asked.time) +
                      " nothing shows: the log may have grown since";
}

}  // namespace cpl
