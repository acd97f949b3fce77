// A registry that publishes extracts, behind its API.
#pragma once

#include "tests/api/routes/api_fixture.hpp"
#include "tests/registry/extract/extract_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing {

inline Charter charter_with_p256() {
  Charter charter = small_charter();
  charter.roles[Role::registrar].keys.push_back(extract_verifier());
  return charter;
}

// Of three models one of which is removed.
class ExtractApi {
 public:
  ExtractApi() {
    std::vector<Bytes> notes = story_notes();
    notes[0] = sign(charter_with_p256(), log_keys().panel);
    registry.log.append({notes[0]});
    notes.erase(notes.begin());
    for (const Bytes& note : notes) registry.log.append({note});
    open();
  }

  void open() {
    auto shelf = ExtractShelf::open(folder.path() / "extracts");
    INFO((shelf ? "" : shelf.error().detail));
    REQUIRE(shelf.has_value());
    ApiOptions options = api_options();
    options.extracts = *std::move(shelf);
    auto counts = DeployedShelf::open(folder.path() / "deployed");
    REQUIRE(counts.has_value());
    options.deployed = *std::move(counts);
    options.published = published;
    registry.api = std::make_unique<Api>(*registry.log, *registry.sequencer, *registry.notifier,
                                         registry.log.clock, std::move(options));
  }

  Extract extract(std::uint64_t version = 1, std::optional<Hash> previous = {},
                  std::uint64_t size = 0) const {
    const auto view = registry.log.view();
    const auto built =
        build_extract(*view, size > 0 ? TreeSize{size} : view->size(), version, previous);
    REQUIRE(built.has_value());
    return *built;
  }
  ExtractPublication signed_publication(const Extract& extract,
                                        const PrivateKey& key = extract_key()) const {
    ExtractPublication publication{
        extract.header.version, extract.header.previous, extract.header.log_size, {}};
    for (const ExtractForm form : extract_forms) {
      publication.signatures[static_cast<std::size_t>(form)] =
          signed_by(written(extract, form), key, registry.log.clock.now());
    }
    return publication;
  }
  HttpResponse publish(const ExtractPublication& publication) {
    registry.log.clock.advance(1000);
    return registry.send(HttpMethod::post, "/v1/extracts", format_extract_publication(publication));
  }
  HttpResponse publish(const Extract& extract) { return publish(signed_publication(extract)); }
  std::string refusal(const ExtractPublication& publication, unsigned status) {
    const auto code = problem(publish(publication), status)["code"].get<std::string>();
    CHECK(registry.get("/v1/extract.json").status == (published_any ? 200 : 404));
    return code;
  }

  TemporaryFolder folder;
  TestApi registry;
  bool published_any = false;
  ViewSource published;  // Of `open`; empty: the newest view.
};

}  // namespace cpl::testing
