// Statements on one's own machine: nothing that comes in leads out of the folder, and signatures of
// one statement come together.
#include "tools/ui/outbox.hpp"

#include "tests/support/log_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::outbox_test {

namespace {

struct Desk {
  TemporaryFolder folder;
  Outbox outbox = Outbox::open(folder.path() / "outbox").value();
};

Note unsigned_addition(std::uint64_t number) {
  return {format_statement({log_origin, start_time, Addition{small_model(number), start_time}}),
          {}};
}

Note signed_addition(std::uint64_t number, const char* signer) {
  Note note = unsigned_addition(number);
  sign_note(note, signer_of(signer));
  return note;
}

}  // namespace

TEST_CASE("outbox: its folder is its owner's alone") {
  const Desk desk;
  const auto permissions = std::filesystem::status(desk.folder.path() / "outbox").permissions();
  CHECK(permissions == std::filesystem::perms::owner_all);
}

TEST_CASE("outbox: one statement with signatures of two people is one file with both") {
  const Desk desk;
  const std::string first = desk.outbox.take(signed_addition(1, "r1")).value();
  CHECK(desk.outbox.take(signed_addition(1, "r2")).value() == first);
  CHECK(desk.outbox.take(signed_addition(1, "r1")).value() == first);
  CHECK(desk.outbox.take(unsigned_addition(1)).value() == first);
  const Note merged = read_statement_file(desk.outbox.find(first).value()).value();
  REQUIRE(merged.signatures.size() == 2);
  CHECK(merged.signatures[0].name == "r1");
  CHECK(merged.signatures[1].name == "r2");
  CHECK(desk.outbox.take(unsigned_addition(2)).value() != first);
  CHECK(desk.outbox.names().value().size() == 2);
}

TEST_CASE("outbox: a text that says nothing to sign is refused") {
  const Desk desk;
  CHECK_FALSE(desk.outbox.take(Note{"no statement\n", {}}));
  CHECK(desk.outbox.names().value().empty());
}

TEST_CASE("outbox: no name leads out of the folder, to seals or to what was sent") {
  const Desk desk;
  const std::string name = desk.outbox.take(unsigned_addition(1)).value();
  std::ofstream(desk.folder.path() / "secret.key") << "x";
  std::ofstream(desk.folder.path() / "outbox" / (name + ".seals")) << "x";
  for (const std::string& bad :
       {std::string("../secret.key"), std::string("..%2Fsecret.key"), std::string(".."),
        std::string(), std::string("a/b"), name + ".seals", std::string("sent"),
        std::string("checkpoint-0011223344556677"), std::string(300, 'a')}) {
    CAPTURE(bad);
    CHECK(desk.outbox.find(bad).error().code == "statement-not-here");
    CHECK_FALSE(desk.outbox.discard(bad));
    CHECK_FALSE(desk.outbox.put_away(bad));
  }
  CHECK(desk.outbox.names().value() == std::vector<std::string>{name});
}

TEST_CASE("outbox: what is sent is kept apart with its seals, what is discarded is gone") {
  const Desk desk;
  const std::string sent = desk.outbox.take(unsigned_addition(1)).value();
  std::ofstream(desk.folder.path() / "outbox" / (sent + ".seals")) << "x";
  REQUIRE(desk.outbox.put_away(sent));
  CHECK(std::filesystem::exists(desk.folder.path() / "outbox" / "sent" / (sent + ".seals")));
  CHECK(desk.outbox.names().value().empty());
  const std::string gone = desk.outbox.take(unsigned_addition(2)).value();
  REQUIRE(desk.outbox.discard(gone));
  CHECK_FALSE(desk.outbox.find(gone));
}

TEST_CASE("outbox: many that belong together are one folder, under a name of their content") {
  const Desk desk;
  const std::vector<std::pair<std::string, Bytes>> texts = {{"1.stmt", unsigned_addition(1).text},
                                                            {"2.stmt", unsigned_addition(2).text}};
  const std::string name = desk.outbox.keep_many("additions", texts).value();
  CHECK(desk.outbox.keep_many("additions", texts).value() == name);
  // What was begun and never ended is not shown, and is begun anew.
  std::filesystem::create_directory(desk.folder.path() / "outbox" / ".removals-0011223344");
  CHECK(desk.outbox.names().value() == std::vector<std::string>{name});
  CHECK(statement_files({desk.outbox.find(name).value().string()}).value().size() == 2);
}

}  // namespace cpl::testing::outbox_test
