// Idempotency-Key: the client's own name for a request that makes something, so that it may send it
// again when it got no answer (the HTTPAPI working group's draft; a String of RFC 9651).
#pragma once

#include "api/accounts/answer_book.hpp"
#include "api/accounts/party.hpp"
#include "api/http/http.hpp"
#include "registry/store/store.hpp"

namespace cpl {

// `"8e03978e"` and, as many clients write it, `8e03978e`: both are the same key.
Result<std::string> idempotency_key(const HttpRequest& request);

// Whose keys they are: no Party's name is the operator's.
std::string principal_of(const PartyId& party);
inline constexpr const char* operator_principal = "operator";

// Gives the answer to a request that makes something, for the batch that makes it.
using Answer = std::function<void(HttpResponse answer, WriteBatch& batch)>;

// Requests that make something, each done once: a client that sends again what it sent before,
// under the same key, is given the first answer again. Any thread.
class Idempotency {
 public:
  // Answers exactly once if it succeeds.
  using Work = std::function<Result<void>(const Answer& answer)>;

  // The references outlive this. `answers` is null where nothing is made over the API.
  Idempotency(std::shared_ptr<AnswerBook> answers, const Clock& clock, std::string problem_base)
      : answers_(std::move(answers)), clock_(clock), problem_base_(std::move(problem_base)) {}

  Result<HttpResponse> idempotent(const HttpRequest& request, const std::string& principal,
                                  const Work& work) const;

 private:
  HttpResponse no_room(const Error& refused, const std::string& principal) const;

  const std::shared_ptr<AnswerBook> answers_;
  const Clock& clock_;
  const std::string problem_base_;
};

// An answer as it is remembered, and the same again.
Bytes remembered_form(const HttpResponse& response);
Result<HttpResponse> answer_from(BytesView remembered);

}  // namespace cpl
