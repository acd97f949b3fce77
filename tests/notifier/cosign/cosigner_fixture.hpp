// A log, three witnesses of it, two of which are the quorum, and the cosigner that asks them. The
// witnesses are ours, without sockets, or answer what the test makes them answer.
#pragma once

#include "notifier/cosign/cosigner.hpp"
#include "tests/registry/log/witness_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing {

inline constexpr std::uint64_t cosigning_interval = 10'000;

inline Delivered said(unsigned status, Bytes body = {}, std::string type = "text/plain") {
  Delivered delivered;
  delivered.status = status;
  delivered.content_type = std::move(type);
  delivered.body = std::move(body);
  return delivered;
}

inline Error timed_out() { return Error{Errc::unavailable, "delivery-timed-out", "no answer", 0}; }

// Where it shows what it has cosigned.
inline std::string shown_at(const std::string& name) {
  return "https://" + name + ".example/prefix" + WitnessClient::checkpoint_path(log_origin);
}

// Hands each request to whoever stands at its URL, at once.
class WitnessTransport final : public Transport {
 public:
  using Answerer = std::function<Result<Delivered>(const OutgoingMessage&)>;
  void send(OutgoingMessage message, Done done) override {
    asked.push_back(message.url);
    done(at.at(message.url)(message));
  }
  std::map<std::string, Answerer> at;
  std::vector<std::string> asked;
};

inline std::string url_of(const std::string& name) {
  return "https://" + name + ".example/prefix/add-checkpoint";
}

struct CosignerScene {
  MemoryStore store;
  TestLog log{store};
  std::unique_ptr<Publication> publication;
  WitnessTransport transport;
  std::map<std::string, MemoryWitnessStore> memories;
  std::map<std::string, std::unique_ptr<Witness>> witnesses;
  CosignerOptions options;
  std::unique_ptr<Cosigner> cosigner;
  int changes = 0;

  CosignerScene() {
    for (const std::string name : {"a", "b", "c"}) {
      witnesses[name] =
          open_witness(cosigner_of(name), {log_keys().log.verifier()}, memories[name], log.clock);
      revive(name);
    }
    log.append(story_notes());
    start();
  }
  TrustPolicy policy() const {
    std::string text = "log " + log_keys().log.verifier().to_string() + "\n";
    for (const std::string name : {"a", "b", "c"}) {
      text += "witness " + name + " " + cosigner_of(name).verifier().to_string() + " https://" +
              name + ".example/prefix/\n";
    }
    const auto parsed = TrustPolicy::parse(text + "group two 2 a b c\nquorum two\n");
    REQUIRE(parsed);
    REQUIRE(check_cosigning_policy(*parsed, log_keys().log.verifier()));
    return *parsed;
  }
  void start() {
    cosigner.reset();
    auto opened = Publication::open(*log, store, log_keys().log.verifier());
    if (!opened) FAIL(opened.error().detail);
    publication = *std::move(opened);
    cosigner = std::make_unique<Cosigner>(*log, *publication, transport, log.clock, policy(),
                                          options, [this] { ++changes; });
  }

  void revive(const std::string& name) {
    transport.at[url_of(name)] = [this, name](const OutgoingMessage& message) {
      const WitnessAnswer answer = witnesses.at(name)->add_checkpoint(message.body);
      return said(answer.status, answer.body, answer.content_type);
    };
    transport.at[shown_at(name)] = [this, name](const OutgoingMessage& message) {
      CHECK(message.method == "GET");
      CHECK(message.body.empty());
      const auto latest = witnesses.at(name)->latest(sha256(log_origin));
      return latest ? said(200, *latest) : said(404);
    };
  }
  void answers(const std::string& name, Result<Delivered> answer) {
    transport.at[url_of(name)] = [answer](const OutgoingMessage&) { return answer; };
  }
  void shows(const std::string& name, Result<Delivered> answer) {
    transport.at[shown_at(name)] = [answer](const OutgoingMessage&) { return answer; };
  }
  void kill(const std::string& name) { answers(name, timed_out()); }

  // One round with all its requests; those it asked, in order.
  std::vector<std::string> round(std::uint64_t wait = cosigning_interval) {
    log.clock.advance(wait);
    transport.asked.clear();
    for (int pass = 0; pass < 12; ++pass) {
      const auto next = cosigner->run_once();
      const std::uint64_t now = log.clock.now().value;
      if (next && next->value > now && next->value - now <= 250) {
        log.clock.advance(next->value - now);
      }
    }
    return transport.asked;
  }
  void grow(std::uint64_t number) { log.append({addition_note(number)}); }

  std::uint64_t published() const { return publication->view()->size().value; }
  std::vector<std::string> cosigners() const {
    const auto trusted = trust_checkpoint(publication->view()->checkpoint_note(), policy());
    return trusted ? trusted->cosigned : std::vector<std::string>{trusted.error().code};
  }
  WitnessStatus status(std::size_t row) const { return cosigner->stats().witnesses.at(row); }
};

using Names = std::vector<std::string>;
inline const Names all_urls = {url_of("a"), url_of("b"), url_of("c")};

}  // namespace cpl::testing
