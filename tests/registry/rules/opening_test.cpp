// Opening a statement: how large it may be, and whose signatures are looked at.
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::opening_test {
namespace {

// A charter that names another panel, signed by these.
Bytes charter_note(const Story& story, const Signers& panel, const Signers& signers) {
  Charter next = make_charter();
  next.replaces = EntryIndex{0};
  next.roles[Role::panel] = role_keys(3, panel);
  return format_note(sign(story.issued_now(next), signers));
}

std::vector<std::string> signers_of(const Story& story, const Bytes& note) {
  const auto opened = open_statement(note, story.list().charter());
  REQUIRE(opened.has_value());
  std::vector<std::string> names;
  for (const NoteVerifier& signer : opened->signers) names.push_back(signer.name());
  return names;
}

}  // namespace

TEST_CASE("opening: a statement has at most 65,000 octets with its signatures") {
  const auto note_of = [](std::size_t size) {
    const std::string line = "\n\xE2\x80\x94 a AAAAAAE=\n";
    return Bytes(size - line.size() - 1, 'x') + "\n" + line;
  };
  CHECK(receive_statement(note_of(statement_size_max)).has_value());
  const auto refused = receive_statement(note_of(statement_size_max + 1));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == "statement-too-large");
}

TEST_CASE("opening: before there is a charter, nothing but a charter is opened") {
  Story story;
  const auto opened = [&story](const StatementBody& body) {
    const auto statement =
        open_statement(format_note(sign(story.issued_now(body), signers_for(body))), nullptr);
    return statement ? "opened" : told(statement.error());
  };
  CHECK(opened(addition_of()) == "charter-missing, rule 2, conflict");
  CHECK(opened(make_charter()) == "opened");
}

TEST_CASE("opening: whoever is of the old panel and of the new one is named once") {
  Story story;
  story.founds();
  CHECK(signers_of(story, charter_note(story, people().panel, first(3, people().panel))) ==
        std::vector<std::string>{"panel-1", "panel-2", "panel-3"});
  const Signers others = numbered_signers("other-panel", 2);
  const Signers mixed = together(first(3, people().panel), others);
  CHECK(
      signers_of(story, charter_note(story, mixed, mixed)) ==
      std::vector<std::string>{"panel-1", "panel-2", "panel-3", "other-panel-1", "other-panel-2"});
}

TEST_CASE("opening: a new panel's signatures cost nothing before the old one's threshold is met") {
  Story story;
  story.founds();
  const Signers others = numbered_signers("other-panel", 3);
  CHECK(
      signers_of(story, charter_note(story, others, together(first(2, people().panel), others))) ==
      std::vector<std::string>{"panel-1", "panel-2"});
  CHECK(signers_of(story, charter_note(story, others, together(first(3, people().panel), others)))
            .size() == 6);
}

}  // namespace cpl::testing::opening_test
