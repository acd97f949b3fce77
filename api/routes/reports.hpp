// What Parties and the Service Desk report, and what they are answered. A report is shown to who
// sent it and to the operator; nobody else's answer tells that it exists.
#pragma once

#include "api/accounts/report_book.hpp"
#include "api/routes/call.hpp"

namespace cpl {

struct ReportRoutes {
  const std::shared_ptr<ReportBook> book;  // Null: none are taken here.
  const Clock& clock;

  Result<void> send(const Call& call, const Answer& answer) const;
  Result<HttpResponse> list_own(const Call& call) const;
  Result<HttpResponse> get_own(const Call& call) const;
  // The operator's.
  Result<HttpResponse> list_all(const Call& call) const;
  Result<HttpResponse> get_any(const Call& call) const;
  Result<void> answer_one(const Call& call, const Answer& answer) const;

 private:
  Result<ReportBook*> book_here() const;
};

}  // namespace cpl
