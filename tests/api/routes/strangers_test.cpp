// What somebody without any credential may make the service do, path by path: signatures checked
// and keys read, which are what is dear. CPL_COSTS=1 measures the processor's time, too, holds it
// against one millisecond, and prints the table of notifier/SECURITY.md.
#include <ctime>
#include <iostream>

#include "api/routes/witness_api.hpp"
#include "registry/witness/witness_store.hpp"
#include "tests/api/routes/extracts_fixture.hpp"
#include "tests/api/routes/paths.hpp"
#include "tests/registry/log/witness_fixture.hpp"

namespace cpl::testing::strangers_test {

namespace {

constexpr double millis_max = 1.0;
constexpr std::size_t body_max = 256U << 10U;  // As the service takes it.

double thread_millis() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

struct Cost {
  std::uint64_t operations = 0;
  double millis = 0;
};

// The least of some runs: the machine has other work, too.
template <class Work>
Cost cost_of(const Work& work) {
  const bool measures = std::getenv("CPL_COSTS") != nullptr;
  Cost least{0, 1e9};
  for (int run = 0; run < (measures ? 20 : 1); ++run) {
    const std::uint64_t operations = public_key_operations();
    const double start = thread_millis();
    work();
    least.millis = std::min(least.millis, thread_millis() - start);
    least.operations = std::max(least.operations, public_key_operations() - operations);
  }
  return least;
}

template <class Work>
void costs(const std::string& what, std::uint64_t operations_max, const Work& work) {
  const Cost cost = cost_of(work);
  CAPTURE(what);
  CHECK(cost.operations <= operations_max);
  if (std::getenv("CPL_COSTS") == nullptr) return;
  CHECK(cost.millis < millis_max);
  std::cout << "| " << what << " | " << cost.operations << " | "
            << static_cast<int>(cost.millis * 1000) << " µs |\n";
}

NoteSigner stranger(const std::string& name) {
  auto signer = NoteSigner::create(name, PrivateKey::generate(KeyAlgorithm::ecdsa_p256));
  REQUIRE(signer);
  return *std::move(signer);
}

// As large as a charter may be, and signed by everybody that it names.
Bytes charter_of_strangers() {
  Charter charter = small_charter();
  Note note;
  std::vector<NoteSigner> signers;
  for (auto& [role, keys] : charter.roles) {
    keys.keys.clear();
    for (int i = 0; i < 64; ++i) {
      const NoteSigner signer = stranger(to_string(role) + std::to_string(i));
      keys.keys.push_back(signer.verifier());
      if (role == Role::panel) signers.push_back(signer);
    }
  }
  charter.replaces = EntryIndex{0};
  note.text = format_statement({log_origin, start_time, charter});
  for (const NoteSigner& signer : signers) sign_note(note, signer);
  return format_note(note);
}

// Signed by nobody, in the names of all that count here, as often as a note has lines.
Bytes forged(std::uint64_t number, std::size_t lines = note_signatures_max) {
  Note note{format_statement({log_origin, start_time, Addition{small_model(number), start_time}}),
            {}};
  const std::array keys = {log_keys().registrar, log_keys().panel, log_keys().desk};
  for (std::size_t i = 0; i < lines; ++i) {
    const NoteVerifier& key = keys[i % keys.size()].verifier();
    note.signatures.push_back({key.name(), key.key_id(), Bytes(64, 'x')});
  }
  return format_note(note);
}

Bytes batch_of(const std::vector<Bytes>& notes) {
  Json list = Json::array();
  for (const Bytes& note : notes) list.push_back(note);
  return Json{{"statements", list}}.dump();
}

// Text that says the least with the most values.
Bytes nested(const std::string& before, const std::string& after) {
  Bytes body = before + "[]";
  while (body.size() + after.size() + 3 < body_max) body += ",[]";
  return body + after;
}

struct Scene {
  ExtractApi extracts;
  TestApi& registry = extracts.registry;

  HttpResponse post(const std::string& path, const Bytes& body) {
    registry.log.clock.advance(1'000'000);  // Whatever address it comes from.
    return registry.send(HttpMethod::post, path, body);
  }
  void costs_to_post(const std::string& what, std::uint64_t operations_max, const std::string& path,
                     const Bytes& body, unsigned status) {
    REQUIRE(body.size() <= body_max);
    const HttpResponse answer = post(path, body);
    CAPTURE(what, *answer.body);
    CHECK(answer.status == status);
    costs(what, operations_max, [&] { post(path, body); });
  }
};

Bytes publication_by(Scene& scene, const PrivateKey& key, std::uint64_t version) {
  return format_extract_publication(
      scene.extracts.signed_publication(scene.extracts.extract(version), key));
}

// What anybody can make of what was published.
Bytes forged_publication(Scene& scene) {
  ExtractPublication publication = scene.extracts.signed_publication(scene.extracts.extract());
  for (Bytes& signature : publication.signatures) signature.back() ^= 1;
  return format_extract_publication(publication);
}

}  // namespace

TEST_CASE("strangers: a statement costs one signature at most, however many it claims") {
  Scene scene;
  const std::string path = "/v1/statements";
  scene.costs_to_post("statement: a charter of 192 keys with 64 signatures, all strangers'", 0,
                      path, charter_of_strangers(), 403);
  scene.costs_to_post("statement: 100 forged lines in the names of known keys", 1, path, forged(7),
                      403);
  const Bytes known = *scene.registry.get("/v1/entries/0/leaf").body;
  const auto note = known.substr(known.find("\n\n") + 2);
  scene.costs_to_post("statement: one that is in the log, sent again", 0, path, note, 200);
  scene.costs_to_post(
      "statement: 65,000 octets of text, one forged line", 1, path,
      [] {
        Note long_note{Bytes(64'000, 'a') + "\n", {}};
        const NoteVerifier& key = log_keys().registrar.verifier();
        long_note.signatures.push_back({key.name(), key.key_id(), Bytes(64, 'x')});
        return format_note(long_note);
      }(),
      403);
  scene.costs_to_post("statement: 256 KiB of anything", 0, path, Bytes(body_max, 'x'), 413);
}

TEST_CASE("strangers: what nobody has signed yet is judged, and that not often") {
  Scene scene;
  const std::string path = "/v1/statements/check";
  scene.costs_to_post("check: 100 forged lines in the names of known keys", 1, path, forged(7),
                      403);
  scene.costs_to_post("check: 256 KiB of anything", 0, path, Bytes(body_max, 'x'), 400);
  const UnixMillis now = scene.registry.log.clock.now();
  const auto taken = [&](const StatementBody& body) {
    const Bytes text = format_statement({log_origin, now, body});
    unsigned count = 0;
    while (count < 1000 && scene.registry.send(HttpMethod::post, path, text).status != 429) ++count;
    CHECK(scene.post(path, text).status != 429);  // A while later.
    return count;
  };
  CHECK(taken(small_charter()) <= 50);
  // A list of additions is long, and each costs little: they go by the rate of statements.
  CHECK(taken(Addition{small_model(7), now}) > 50);
}

TEST_CASE("strangers: a batch costs two signatures at most, until somebody known signed") {
  Scene scene;
  const std::string path = "/v1/statements/batch";
  std::vector<Bytes> notes;
  for (std::uint64_t i = 0; i < 128; ++i) notes.push_back(forged(100 + i, 3));
  scene.costs_to_post("batch: 128 forged statements", 2, path, batch_of(notes), 200);
  const Json answers = Json::parse(*scene.post(path, batch_of(notes)).body)["statements"];
  CHECK(answers[0]["code"] == "signature-invalid");
  CHECK(answers[1]["code"] == "signature-invalid");
  CHECK(answers[2]["code"] == "sender-unknown");
  CHECK(answers[127]["code"] == "sender-unknown");
  const Bytes known = story_notes()[1];
  scene.costs_to_post("batch: 128 times one that is in the log", 0, path,
                      batch_of(std::vector<Bytes>(128, known)), 200);
  notes[0] = known;
  scene.costs_to_post("batch: one that is in the log before 127 forged ones", 2, path,
                      batch_of(notes), 200);
  scene.costs_to_post("batch: 256 KiB of empty lists", 0, path, nested(R"({"statements":[)", "]}"),
                      400);
}

TEST_CASE("strangers: a batch of somebody known is heard to its end") {
  Scene scene;
  const std::vector<Bytes> notes = {addition_note(50), forged(51, 1), forged(52, 1), forged(53, 1),
                                    addition_note(54)};
  const Json answers =
      Json::parse(*scene.post("/v1/statements/batch", batch_of(notes)).body)["statements"];
  CHECK(answers[0].contains("index"));
  for (const std::size_t i : {1U, 2U, 3U}) CHECK(answers[i]["code"] == "signature-invalid");
  CHECK(answers[4].contains("index"));
}

TEST_CASE("strangers: an extract costs a key read, or one signature in a registrar's name") {
  Scene scene;
  const std::string path = "/v1/extracts";
  scene.costs_to_post("extract: three signatures of a stranger's certificate", 1, path,
                      publication_by(scene, PrivateKey::generate(KeyAlgorithm::ecdsa_p256), 1),
                      403);
  scene.costs_to_post("extract: a registrar's certificate, forged signatures", 2, path,
                      forged_publication(scene), 403);
  scene.costs_to_post("extract: 256 KiB of empty lists", 0, path,
                      nested(R"({"signatures":[)", "]}"), 400);
  const Bytes good = publication_by(scene, extract_key(), 1);
  REQUIRE(scene.post(path, good).status == 201);
  scene.costs_to_post("extract: the published signatures, sent again", 0, path, good, 200);
  ExtractPublication next = *parse_extract_publication(good);
  next.version = 2;
  next.previous = sha256(written(scene.extracts.extract(1), ExtractForm::json));
  scene.costs_to_post("extract: the published signatures, as the next version", 2, path,
                      format_extract_publication(next), 409);
}

TEST_CASE("strangers: without credentials nothing that needs them is looked at") {
  Scene scene;
  const Json document = scene.registry.get_json("/v1/openapi.json");
  const Bytes body = nested(R"({"url":[)", "]}");
  for (const auto& [path, item] : document["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      if (operation["security"].empty() || method == "get") continue;
      costs(method + " " + path, 0, [&, path = path, method = method] {
        CHECK(scene.registry.send(method_of(method), filled(path), body, "guessed").status == 401);
      });
    }
  }
}

TEST_CASE("strangers: a link that nobody was given costs no more than its own reading") {
  Scene scene;
  const std::string click = "List-Unsubscribe=One-Click";
  scene.costs_to_post("POST /u/{token}", 0, "/u/sub_0000.x", click + Bytes(200'000, ' '), 404);
  scene.costs_to_post("POST /v1/validate/{token}", 0, "/v1/validate/sub_0000.x", click, 404);
}

TEST_CASE("strangers: a witness checks one signature of a log that it knows") {
  TestClock clock;
  MemoryWitnessStore store;
  const SignedTree tree(20);
  const auto witness =
      open_witness(cosigner_of("w.example"), {tree.signer().verifier()}, store, clock);
  const auto asks = [&](const std::string& what, std::uint64_t max, const Bytes& body,
                        unsigned status) {
    HttpRequest request;
    request.method = HttpMethod::post;
    request.segments = {"add-checkpoint"};
    request.body = body;
    CHECK(answer_as_witness(*witness, request).status == status);
    costs(what, max, [&] { answer_as_witness(*witness, request); });
  };
  Bytes note = tree.signed_text(tree.text(8));
  Note parsed = *parse_note(note);
  parsed.signatures[0].signature.back() ^= 1;
  parsed.signatures.resize(note_signatures_max, parsed.signatures[0]);
  asks("witness: 100 forged lines of the log", 1,
       format_add_checkpoint({TreeSize{0}, {}, format_note(parsed)}), 403);
  asks("witness: the log's own checkpoint, of another size", 1,
       format_add_checkpoint({TreeSize{3}, {}, note}), 409);
  asks("witness: 256 KiB of anything", 0, Bytes(body_max, 'x'), 400);
}

}  // namespace cpl::testing::strangers_test
