// Thousands of schedules, each made from one number: as many witnesses as the quorum can do without
// answer anything at all, others hand our newest heads to the witnesses before we do, answers come
// in any order. Nothing halts the log, and the sound ones are always enough.
//   CPL_COSIGNINGS=1000000        how many schedules are tried
//   CPL_COSIGNING_SEED=501        the first world of twenty schedules
#include <random>

#include "tests/notifier/cosign/cosigner_fixture.hpp"
#include "tests/support/waiting_transport.hpp"

namespace cpl::testing::simulation_test {
namespace {

constexpr std::uint64_t schedules_of_world = 20;
const std::string size_type = "text/x.tlog.size";

class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {
    const std::uint64_t count = 1 + below(5);
    faulty_ = below(count);
    quorum_ = count - faulty_;
    std::string text = "log " + log_keys().log.verifier().to_string() + "\n";
    std::string group = "group enough " + std::to_string(quorum_);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::string name = "w" + std::to_string(i);
      text += "witness " + name + " " + cosigner_of(name).verifier().to_string() + " https://" +
              name + ".example\n";
      group += " " + name;
      memories_.push_back(std::make_unique<MemoryWitnessStore>());
      witnesses_.push_back(open_witness(cosigner_of(name), {log_keys().log.verifier()},
                                        *memories_.back(), log_.clock));
    }
    auto policy = TrustPolicy::parse(text + group + "\nquorum enough\n");
    REQUIRE(policy);
    policy_ = *std::move(policy);
    log_.append({charter_note()});
    heads_.push_back(log_.view()->checkpoint_note());
    auto opened = Publication::open(*log_, store_, log_keys().log.verifier());
    REQUIRE(opened);
    publication_ = *std::move(opened);
    cosigner_ = std::make_unique<Cosigner>(*log_, *publication_, wire_, log_.clock, *policy_,
                                           CosignerOptions{}, [] {});
  }

  // The cosigner waits for what is under way.
  ~World() {
    for (Wire::Sent& sent : std::exchange(wire_.waiting, {})) sent.done(timed_out());
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void run() {
    for (std::uint64_t i = 0; i < schedules_of_world; ++i) run_schedule();
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  // The log grows while a round is under way, and then for a while not.
  void run_schedule() {
    for (std::uint64_t step = below(12); step > 0; --step) {
      if (below(4) == 0) grow();
      if (below(3) == 0) gossip();
      move_on();
    }
    // Four intervals: one round may be under way, and the next be overtaken.
    const UnixMillis until{log_.clock.now().value + 4 * cosigning_interval};
    while (publication_->view()->size() < log_.view()->size() && log_.clock.now() < until) {
      move_on();
    }
    REQUIRE(publication_->alarm() == "");
    REQUIRE_FALSE(log_->refusal());
    REQUIRE(publication_->view()->size() == log_.view()->size());
    REQUIRE(trust_checkpoint(publication_->view()->checkpoint_note(), *policy_));
  }

  void grow() {
    log_.append({addition_note(++models_)});
    heads_.push_back(log_.view()->checkpoint_note());
  }

  // Somebody asks a witness to cosign our newest head, as anybody may.
  void gossip() {
    Witness& witness = *witnesses_[below(witnesses_.size())];
    const auto view = log_.view();
    const auto known = witness.latest(sha256(log_origin));
    const TreeSize old = known ? parse_checkpoint(parse_note(*known)->text)->size : TreeSize{0};
    if (old == view->size()) return;
    const auto proof = old.value == 0 ? std::vector<Hash>() : *view->consistency(old);
    REQUIRE(witness.add_checkpoint(format_add_checkpoint({old, proof, view->checkpoint_note()}))
                .status == 200);
  }

  void move_on() {
    const auto next = cosigner_->run_once();
    if (!wire_.waiting.empty()) {
      const auto at =
          wire_.waiting.begin() + static_cast<std::ptrdiff_t>(below(wire_.waiting.size()));
      Wire::Sent sent = std::move(*at);
      wire_.waiting.erase(at);
      log_.clock.advance(1 + below(300));
      return sent.done(answer(sent.message));
    }
    REQUIRE(next);
    const std::uint64_t now = log_.clock.now().value;
    log_.clock.advance(next->value > now ? next->value - now : 1);
  }

  Result<Delivered> answer(const OutgoingMessage& message) {
    const auto place = static_cast<std::size_t>(message.url.at(9) - '0');  // "https://w3.example"
    Witness& witness = *witnesses_.at(place);
    if (place < faulty_ && below(8) != 0) {
      return message.method == "GET" ? any_checkpoint() : any_answer(place);
    }
    if (message.method == "GET") {
      const auto latest = witness.latest(sha256(log_origin));
      return latest ? said(200, *latest) : said(404);
    }
    const WitnessAnswer answer = witness.add_checkpoint(message.body);
    return said(answer.status, answer.body, answer.content_type);
  }

  // Of a witness that is broken, or lies, or is no witness at all.
  Result<Delivered> any_answer(std::size_t place) {
    const std::array<unsigned, 11> statuses{200, 204, 301, 400, 403, 404, 409, 422, 429, 500, 503};
    const std::uint64_t size = log_.view()->size().value;
    const std::array<Bytes, 7> sizes{"0\n",
                                     std::to_string(below(size + 1)) + "\n",
                                     std::to_string(size + 1) + "\n",
                                     "999999\n",
                                     "18446744073709551615\n",
                                     "-1\n",
                                     ""};
    switch (below(6)) {
      case 0:
        return timed_out();
      case 1:
        return said(409, sizes[below(sizes.size())], size_type);
      case 2: {  // A line of the right key under another text, or of a wrong key.
        Note note = *parse_note(heads_[below(heads_.size())]);
        note.signatures.clear();
        cosign_note(note, cosigner_of(below(2) == 0 ? "w" + std::to_string(place) : "stranger"), 1);
        return said(200, format_note(note).substr(note.text.size() + 1));
      }
      case 3:
        return said(200, any_octets());
      default: {
        Delivered delivered = said(statuses[below(statuses.size())], any_octets(), "text/html");
        if (below(3) == 0) delivered.retry_after = "999999";
        return delivered;
      }
    }
  }

  // What it may show that the log's key has not signed, or that is ours.
  Result<Delivered> any_checkpoint() {
    Bytes note = heads_[below(heads_.size())];
    switch (below(6)) {
      case 0:
        return timed_out();
      case 1:
        return said(404);
      case 2:
        return said(200, any_octets());
      case 3:
        flip_bit(note[below(note.size())]);
        return said(200, note);
      case 4: {
        Note forged{format_checkpoint({log_origin, TreeSize{1 + below(30)}, sha256("x"), {}}), {}};
        sign_note(forged, log_key_from("not the log's key"));
        return said(200, format_note(forged));
      }
      default:
        return said(200, note);
    }
  }

  void flip_bit(char& octet) {
    octet = static_cast<char>(octet ^ static_cast<char>(1U << below(8)));
  }

  Bytes any_octets() {
    const std::array<Bytes, 4> bodies{"", "<h1>Conflict</h1>", Bytes(20'000, '\n'),
                                      Bytes(sha256(std::to_string(random_())).view())};
    return bodies[below(bodies.size())];
  }

  std::mt19937_64 random_;
  std::uint64_t faulty_ = 0;  // The first ones.
  std::uint64_t quorum_ = 0;
  MemoryStore store_;
  TestLog log_{store_};
  std::vector<Bytes> heads_;  // All that the log's key has signed.
  std::uint64_t models_ = 0;
  std::vector<std::unique_ptr<MemoryWitnessStore>> memories_;
  std::vector<std::unique_ptr<Witness>> witnesses_;
  std::optional<TrustPolicy> policy_;
  Wire wire_;
  std::unique_ptr<Publication> publication_;
  std::unique_ptr<Cosigner> cosigner_;
};

std::uint64_t number_from(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::stoull(text);
}

}  // namespace

TEST_CASE("cosigner simulation: faulty witnesses below the quorum never halt, nor keep it away") {
  const std::uint64_t first = number_from("CPL_COSIGNING_SEED", 1);
  const std::uint64_t worlds = number_from("CPL_COSIGNINGS", 400) / schedules_of_world;
  for (std::uint64_t seed = first; seed < first + worlds; ++seed) {
    INFO("replay with CPL_COSIGNINGS=20 CPL_COSIGNING_SEED=" << seed);
    World(seed).run();
  }
}

}  // namespace cpl::testing::simulation_test
