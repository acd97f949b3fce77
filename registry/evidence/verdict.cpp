#include "registry/evidence/verdict.hpp"

#include <nlohmann/json.hpp>

namespace cpl {

std::string to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::valid:
      return "VALID";
    case Outcome::valid_provisional:
      return "VALID, provisional";
    case Outcome::valid_stale:
      return "VALID, stale";
    case Outcome::invalid:
      return "INVALID";
  }
  return "INVALID";
}

int exit_code(Outcome outcome) {
  if (outcome == Outcome::invalid) return 1;
  return outcome == Outcome::valid_stale ? 3 : 0;
}

Verdict judge_file(BytesView file, const TrustPolicy& policy, const JudgeOptions& options) {
  const auto evidence = parse_evidence(file);
  if (evidence) return judge(*evidence, policy, options);
  Verdict verdict;
  verdict.code = evidence.error().code;
  verdict.sentence = evidence.error().detail;
  verdict.checks.push_back({"file", false, evidence.error().detail});
  return verdict;
}

Json to_json(const Verdict& verdict) {
  Json checks = Json::array();
  for (const Check& check : verdict.checks) {
    checks.push_back({{"name", check.name}, {"passed", check.passed}, {"detail", check.detail}});
  }
  Json json = {{"question", word_of(verdict.question)},
               {"subject", verdict.subject},
               {"verdict", to_string(verdict.outcome)},
               {"sentence", verdict.sentence},
               {"checks", checks},
               {"log_size", verdict.size.value}};
  if (!verdict.code.empty()) json["code"] = verdict.code;
  if (verdict.as_of) json["as_of"] = format_time(*verdict.as_of);
  return json;
}

}  // namespace cpl
