// Each statement type's members, read and written. Used by statement.cpp alone.
#pragma once

#include "registry/statement/statement.hpp"

namespace cpl {

// Nothing where there is no such type. What is wrong is noted in `errors`.
std::optional<StatementBody> read_statement_body(std::string_view type, FieldReader& reader,
                                                 FieldErrors& errors);

// The part of it that concerns models, and disclosures.
std::optional<StatementBody> read_list_statement(std::string_view type, FieldReader& reader,
                                                 FieldErrors& errors);

// Of the work around the list.
std::optional<StatementBody> read_work_statement(std::string_view type, FieldReader& reader,
                                                 FieldErrors& errors);

Json body_json(const Addition& addition);
Json body_json(const Notice& notice);
Json body_json(const Receipt& receipt);
Json body_json(const Removal& removal);
Json body_json(const Reinstatement& reinstatement);
Json body_json(const Correction& correction);
Json body_json(const CertificateChange& change);
Json body_json(const Disclosure& disclosure);
Json body_json(const Withdrawal& withdrawal);
Json body_json(const Loading& loading);
Json body_json(const Deployment& deployment);
Json body_json(const MeetingCalendar& calendar);
Json body_json(const MeetingPaper& paper);
Json body_json(const ActionUpdate& update);
Json body_json(const Specifications& table);

}  // namespace cpl
