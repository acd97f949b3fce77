// What the judge's two halves share: what the file has shown, and the answer that it comes to.
#pragma once

#include "registry/evidence/evidence_list.hpp"
#include "registry/evidence/verdict.hpp"

namespace cpl::judging {

// The checks of a verdict, one after another. Each is begun, and passes or is the one that fails.
class Checks {
 public:
  explicit Checks(Verdict& verdict) : verdict_(verdict) {}

  void begin(std::string step) { step_ = std::move(step); }
  void pass(std::string detail) {
    verdict_.checks.push_back({std::move(step_), true, std::move(detail)});
    step_.clear();
  }
  void fail(const Error& error) {
    verdict_.outcome = Outcome::invalid;
    verdict_.code = error.code;
    verdict_.sentence = error.detail;
    verdict_.checks.push_back({step_, false, error.detail});
  }

 private:
  Verdict& verdict_;
  std::string step_;
};

struct Shown {
  std::optional<ModelId> subject;  // Where the question is of a model.
  EvidenceList list;
  std::map<ModelId, std::optional<Bytes>> states;  // The records, verbatim.
  std::optional<EntryIndex> removal;               // The newest one of the subject.
  std::vector<EntryIndex> notices;
  bool stale = false;
};

// What all that was shown comes to; the verdict's outcome and sentence.
Result<void> answer(const Shown& shown, Verdict& verdict, Checks& checks);

}  // namespace cpl::judging
