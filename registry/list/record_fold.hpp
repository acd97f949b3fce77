// The fold of a model's record: what a statement that the rules allow makes of it. The one place
// that says so, for the rules, for an extract of one's own log and for one of a stranger's.
#pragma once

#include "registry/list/list.hpp"

namespace cpl {

// The entry that holds the statement.
struct FoldedEntry {
  EntryIndex index;
  UnixMillis time;
  // That a removal rests on, by its notice; a reinstatement names its own.
  std::optional<EntryIndex> decision{};
};

// `record` is that of the one model that the statement is of, or of one that its notice names.
void apply_to_record(ModelRecord& record, const Addition& addition, const FoldedEntry& at);
void apply_to_record(ModelRecord& record, const Notice& notice, const FoldedEntry& at);
void apply_to_record(ModelRecord& record, const Receipt& receipt, const FoldedEntry& at);
void apply_to_record(ModelRecord& record, const Removal& removal, const FoldedEntry& at);
void apply_to_record(ModelRecord& record, const Reinstatement& reinstatement,
                     const FoldedEntry& at);
void apply_to_record(ModelRecord& record, const Correction& correction, const FoldedEntry& at);
void apply_to_record(ModelRecord& record, const CertificateChange& certificate,
                     const FoldedEntry& at);
void apply_to_record(ModelRecord& record, const Withdrawal& withdrawal, const FoldedEntry& at);
// What is of no model changes no record.
void apply_to_record(ModelRecord& record, const StatementBody& body, const FoldedEntry& at);

}  // namespace cpl
