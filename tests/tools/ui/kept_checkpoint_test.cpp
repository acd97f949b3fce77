// What a person's pages have seen of the log stays seen: nothing older and no other history is
// believed afterwards.
#include "tools/ui/kept_checkpoint.hpp"

#include "tests/tools/cpl/client_scene.hpp"

namespace cpl::testing::kept_checkpoint_test {

namespace {

// One person, and whatever registry is shown to them.
class Seen {
 public:
  Result<Checkpoint> follow(TrueRegistry& registry) {
    const LyingProxy proxy([&](const ProxyRequest& request) { return registry.answer(request); });
    const HttpClient client(proxy.url(), {}, std::chrono::seconds(10), Changes::sent);
    return kept_.follow(client, policy_);
  }

  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  KeptCheckpoint kept_{folder_.path()};
  TrustPolicy policy_ =
      TrustPolicy::parse("log " + log_keys().log.verifier().to_string() + "\nquorum none\n")
          .value();
};

// A log of the same key that has another entry in the place of the last.
class OtherHistory : public TrueRegistry {
 public:
  explicit OtherHistory(std::size_t same) : TrueRegistry(same) {
    const std::lock_guard lock(registry_mutex());
    api().log.append({addition_note(77)});
    api().log.append({addition_note(78)});
  }
};

}  // namespace

TEST_CASE("kept checkpoint: a log that grows is followed") {
  Seen seen;
  TrueRegistry early(3);
  TrueRegistry late(6);
  CHECK(seen.follow(early).value().size == TreeSize{3});
  CHECK(seen.follow(early).value().size == TreeSize{3});
  CHECK(seen.follow(late).value().size == TreeSize{6});
}

TEST_CASE("kept checkpoint: a log that shrank is told, and what was seen stays") {
  Seen seen;
  TrueRegistry early(3);
  TrueRegistry late(6);
  REQUIRE(seen.follow(late));
  CHECK(seen.follow(early).error().code == "log-shrank");
  CHECK(seen.follow(late).value().size == TreeSize{6});
}

TEST_CASE("kept checkpoint: another history of the same size, or a longer one, is told") {
  Seen seen;
  TrueRegistry seen_first(4);
  OtherHistory same_size(2);
  OtherHistory longer(3);
  REQUIRE(seen.follow(seen_first));
  CHECK(seen.follow(same_size).error().code == "split-view");
  CHECK(seen.follow(longer).error().code == "split-view");
  CHECK(seen.follow(seen_first));
}

TEST_CASE("kept checkpoint: a kept file that nobody can read says which it is") {
  Seen seen;
  TrueRegistry early(3);
  REQUIRE(seen.follow(early));
  for (const auto& file : std::filesystem::directory_iterator(seen.folder())) {
    std::ofstream(file.path()) << "not a checkpoint\n";
  }
  const auto followed = seen.follow(early);
  REQUIRE_FALSE(followed);
  CHECK(followed.error().detail.find(seen.folder().string()) != std::string::npos);
}

}  // namespace cpl::testing::kept_checkpoint_test
