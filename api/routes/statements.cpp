// Statements come in: one as a signed note, or many at once, each with an answer of its own.
#include <nlohmann/json.hpp>

#include "api/http/client_address.hpp"
#include "api/http/problem.hpp"
#include "api/routes/not_ready.hpp"
#include "api/routes/statements.hpp"
#include "crypto/encoding.hpp"
#include "registry/base/json_text.hpp"
#include "registry/query/evidence_builder.hpp"

namespace cpl {
namespace {

// Checking the signatures of so many keeps a thread of the server busy for some 20 ms.
constexpr std::size_t batch_max = 128;
constexpr std::size_t batch_values_max = 2 * batch_max;
// Of a batch by somebody whom no signature vouches for yet, so many statements are looked at.
constexpr std::size_t unvouched_max = 2;

Error rate_limited() {
  return Error{Errc::overloaded, "rate-limited",
               "this address submits more statements than it may: wait a second"};
}

// A text has no empty line, a note has one before its signatures.
bool is_note(BytesView body) { return body.find("\n\n") != body.npos; }

// By the third line of a statement's text, before any of it is read.
bool is_addition(BytesView text) {
  constexpr BytesView type = "\naddition\n";
  const auto first = text.find('\n');
  const auto second = first == text.npos ? text.npos : text.find('\n', first + 1);
  return second != text.npos && text.substr(second).starts_with(type);
}

Error not_looked_at() {
  return Error{Errc::unauthorized, "sender-unknown",
               "nobody who counts here signed the statements before it in the batch, so this one "
               "was not looked at: send it again without those"};
}

Result<std::vector<Bytes>> read_batch(const Bytes& body) {
  const Json json = TRY(parse_small_json(body, batch_values_max));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  std::vector<Bytes> notes;
  for (const Json& note : reader.array("statements", 1, batch_max)) {
    if (note.is_string()) {
      notes.push_back(note.get_ref<const std::string&>());
    } else {
      reader.fail("statements",
                  "holds something that is not text: each statement is a signed note");
    }
  }
  reader.done();
  if (!errors.empty()) {
    return invalid_fields("validation-failed", "the batch", errors);
  }
  return notes;
}

// Whose statements these are is not known before one of them is signed by a key in force.
class Sender {
 public:
  bool is_heard() const { return vouched_ || unvouched_ < unvouched_max; }
  void note(const Result<SignedStatement>& opened) {
    if (opened) vouched_ = true;
    if (!opened && opened.error().errc == Errc::unauthorized) ++unvouched_;
  }

 private:
  bool vouched_ = false;
  std::size_t unvouched_ = 0;
};

// The answers of a batch as they come in, from any thread; the last one sends them.
class BatchAnswers {
 public:
  BatchAnswers(std::size_t count, Finish finish, Problems& problems)
      : answers_(count), open_(count), finish_(std::move(finish)), problems_(problems) {}

  void answer(std::size_t at, const Hash& id, Result<Accepted> accepted) {
    answers_[at].emplace(id, std::move(accepted));
    if (open_.fetch_sub(1) == 1) finish_(response());
  }

 private:
  HttpResponse response() const {
    Json items = Json::array();
    std::shared_ptr<const LogView> newest;
    for (const auto& given : answers_) {
      const auto& [id, accepted] = *given;
      if (!accepted) {
        items.push_back(problems_.item(accepted.error()));
        continue;
      }
      items.push_back(
          {{"index", accepted->index.value}, {"id", to_hex(id)}, {"repeated", accepted->repeated}});
      if (!newest || newest->size() < accepted->view->size()) newest = accepted->view;
    }
    Json body = {{"statements", std::move(items)}, {"checkpoint", nullptr}};
    if (newest) body["checkpoint"] = newest->checkpoint_note();
    return json_response(200, body);
  }

  std::vector<std::optional<std::pair<Hash, Result<Accepted>>>> answers_;
  std::atomic<std::size_t> open_;
  const Finish finish_;
  Problems& problems_;
};

// Everybody may send what the log holds already: nothing of it is checked once more.
Result<std::optional<Accepted>> find_known(const std::shared_ptr<const LogView>& view,
                                           const Hash& id) {
  const auto index = TRY(view->find_statement(id));
  if (!index) return std::optional<Accepted>();
  return std::optional(Accepted{*index, true, view});
}

Result<HttpResponse> accepted_response(const Accepted& accepted, const Hash& id) {
  const Bytes proof = TRY(build_tlog_proof(*accepted.view, accepted.index));
  Bytes body;
  {
    JsonText json(body);
    json.put("checkpoint", accepted.view->checkpoint_note());
    json.put("id", to_hex(id));
    json.put("index", accepted.index.value);
    json.put("proof", proof);
    json.put_flag("repeated", accepted.repeated);
  }
  HttpResponse response =
      text_response(accepted.repeated ? 200 : 201, "application/json", std::move(body));
  response.headers.emplace_back("Location", "/v1/entries/" + std::to_string(accepted.index.value));
  return response;
}

}  // namespace

void StatementCounts::note(const Result<Accepted>& answer) {
  auto& counter = !answer ? refused : answer->repeated ? repeated : accepted;
  counter.fetch_add(1, std::memory_order_relaxed);
}

void StatementRoutes::post(const HttpRequest& request, Finish finish) {
  const auto answer = [this, finish = std::move(finish)](const Hash& id,
                                                         const Result<Accepted>& accepted) {
    counts_.note(accepted);
    if (!accepted) return finish(accepted.error());
    finish(accepted_response(*accepted, id));
  };
  if (!rate_.allow(address_group(request.peer), clock_.now())) return answer({}, rate_limited());
  if (const auto refused = public_refusal(log_)) return answer({}, *refused);
  auto received = receive_statement(request.body);
  if (!received) return answer({}, received.error());
  const Hash id = received->id;
  const auto view = log_.view();
  const auto known = find_known(view, id);
  if (!known) return answer(id, known.error());
  if (*known) return answer(id, **known);
  auto statement = open_statement(*std::move(received), view->charter());
  if (!statement) return answer(id, statement.error());
  sequencer_.submit(*std::move(statement),
                    [id, answer](const Result<Accepted>& accepted) { answer(id, accepted); });
}

void StatementRoutes::enter(SignedStatement statement,
                            std::function<void(const Result<Accepted>&)> done) {
  sequencer_.submit(std::move(statement),
                    [this, done = std::move(done)](const Result<Accepted>& accepted) {
                      counts_.note(accepted);
                      done(accepted);
                    });
}

// Nothing is entered: whether the statement would be, as the log stands now. A bare text is judged
// by what it says; a note, by its signatures too.
Result<HttpResponse> StatementRoutes::judge(const Call& call) {
  const HttpRequest& request = call.request;
  // Before anybody has signed nobody is known: what may cost much is not judged often. A list of
  // additions is long, and each of them cheap.
  const bool is_cheap = is_note(request.body) || is_addition(request.body);
  RateLimiter& rate = is_cheap ? rate_ : unsigned_rate_;
  if (!rate.allow(address_group(request.peer), clock_.now())) return rate_limited();
  const auto log = log_.view();
  const EntryContext context{origin_, EntryIndex{log->size().value}, clock_.now()};
  Json answer = {{"log_size", log->size().value}, {"signatures_checked", false}};
  if (is_note(request.body)) {
    UnopenedStatement received = TRY(receive_statement(request.body));
    answer["id"] = to_hex(received.id);
    answer["signatures_checked"] = true;
    if (const auto entry = TRY(log->find_statement(received.id))) {
      answer["entry"] = entry->value;
    } else {
      TRY(apply(log->list(), TRY(open_statement(std::move(received), log->charter())), context));
    }
  } else {
    const Statement statement = TRY(parse_statement(request.body));
    TRY_VOID(check_content(log->list(), statement, context));
    answer["id"] = to_hex(statement_id(request.body));
  }
  return json_response(200, answer);
}

void StatementRoutes::post_batch(const HttpRequest& request, Finish finish) {
  const auto notes = read_batch(request.body);
  if (!notes) return finish(notes.error());
  if (!rate_.allow(address_group(request.peer), clock_.now(), notes->size())) {
    return finish(rate_limited());
  }
  if (const auto refused = public_refusal(log_)) return finish(*refused);
  const auto answers = std::make_shared<BatchAnswers>(notes->size(), std::move(finish), problems_);
  const auto view = log_.view();
  Sender sender;
  for (std::size_t i = 0; i < notes->size(); ++i) {
    const auto answer = [this, i, answers](const Hash& id, Result<Accepted> accepted) {
      counts_.note(accepted);
      answers->answer(i, id, std::move(accepted));
    };
    auto received = receive_statement((*notes)[i]);
    if (!received) {
      answer({}, received.error());
      continue;
    }
    const Hash id = received->id;
    const auto known = find_known(view, id);
    if (!known || *known) {
      answer(id, known ? Result<Accepted>(**known) : Result<Accepted>(known.error()));
      continue;
    }
    if (!sender.is_heard()) {
      answer(id, not_looked_at());
      continue;
    }
    auto statement = open_statement(*std::move(received), view->charter());
    sender.note(statement);
    if (!statement) {
      answer(id, statement.error());
      continue;
    }
    sequencer_.submit(*std::move(statement),
                      [id, answer](Result<Accepted> accepted) { answer(id, std::move(accepted)); });
  }
}

}  // namespace cpl
