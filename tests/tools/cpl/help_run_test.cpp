// What `cpl` says about itself, and what it makes of words that are nearly right.
#include <fstream>
#include <sstream>

#include "tests/support/temporary_folder.hpp"
#include "tests/tools/cpl/program_run.hpp"

namespace cpl::testing::help_run_test {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

struct Said {
  int status;
  std::string text;

  bool has(const std::string& part) const { return text.find(part) != text.npos; }
};

Said say(Words words) {
  const TemporaryFolder folder;
  const auto printed = folder.path() / "printed";
  words.insert(words.begin(), CPL_PROGRAM);
  ProgramRun program(std::move(words), printed);
  const auto status = program.status_within(60s);
  REQUIRE(status);
  std::ifstream in(printed);
  return {*status, {std::istreambuf_iterator<char>(in), {}}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The commands that completion knows, "desk check" among them.
std::vector<Words> all_commands() {
  std::vector<Words> commands;
  for (const std::string& line : lines_of(say({"completion", "bash"}).text)) {
    const auto end = line.find("\") words=");
    const auto begin = line.find('"');
    if (end == line.npos || line.find("--") < end) continue;
    std::istringstream in(line.substr(begin + 1, end - begin - 1));
    commands.emplace_back();
    for (std::string word; in >> word;) commands.back().push_back(word);
  }
  return commands;
}

}  // namespace

TEST_CASE("help: cpl alone, and a group of commands alone, show what there is") {
  const Said said = say({});
  CHECK(said.status == 0);
  for (const char* title :
       {"SECAS clerk", "Panel", "Service Desk", "Party", "Auditor", "Operator"}) {
    CHECK(said.has(std::string("\n") + title + "\n"));
  }
  CHECK(said.text == say({"--help"}).text);
  CHECK(said.text == say({"help"}).text);
  CHECK(say({"desk"}).text == say({"help", "desk"}).text);
  CHECK(say({"desk"}).has("  inbox "));
}

TEST_CASE("help: each command is in one group, described in 70 characters, in lines of 80") {
  const std::string overview = say({}).text;
  const auto commands = all_commands();
  REQUIRE(commands.size() > 60);
  for (Words command : commands) {
    std::string name;
    for (const std::string& word : command) name += " " + word;
    INFO("cpl" << name);
    if (command.size() == 1) {
      const std::string row = "\n  " + command[0] + " ";
      const auto at = overview.find(row);
      REQUIRE(at != overview.npos);
      CHECK(overview.find(row, at + 1) == overview.npos);
    }
    command.insert(command.begin(), "help");
    const Said said = say(command);
    CHECK(said.status == 0);
    const auto lines = lines_of(said.text);
    if (command.size() > 1) CHECK(lines.at(0).size() <= 70);
    for (const std::string& line : lines) CHECK(line.size() <= 80);
  }
}

TEST_CASE("help: a command or an option that is nearly right is asked about") {
  const std::vector<std::pair<Words, std::string>> cases = {
      {{"lsit"}, "cpl has no command \"lsit\"; did you mean list?"},
      {{"desk", "chekc", "3"}, "cpl desk has no command \"chekc\"; did you mean check?"},
      {{"sign", "a.stmt", "--kye", "a.key"}, "cpl sign has no option --kye; did you mean --key?"},
      {{"list", "--sevrer", "x"}, "cpl list has no option --sevrer; did you mean --server?"},
      {{"list", "--stat=listed"}, "did you mean --status?"},
      {{"help", "exit-cods"}, "did you mean exit-codes?"}};
  for (const auto& [words, expected] : cases) {
    INFO(expected);
    const Said said = say(words);
    CHECK(said.status != 0);
    CHECK(said.has(expected));
  }
  const Said strange = say({"frobnicate"});
  CHECK(strange.status == 2);
  CHECK(strange.has("cpl has no command \"frobnicate\"\n"));
}

TEST_CASE("help: words of choices are shown, completed, and taken in any case") {
  CHECK(say({"help", "list"}).has("listed|removed"));
  CHECK(say({"completion", "bash"}).has("\"list --status\") words=\"listed removed \""));
  const Said wrong = say({"list", "--status", "listde"});
  CHECK(wrong.status == 2);
  CHECK(wrong.has("\"listde\" is not one of listed, removed; did you mean listed?"));
  // It gets as far as the server, which is not there.
  const Said right = say({"list", "--status", "LISTED", "--server", "http://127.0.0.1:9"});
  CHECK_FALSE(right.has("is not one of"));
  CHECK(right.status == 2);
}

TEST_CASE("help: topics that are no command") {
  CHECK(say({"help", "exit-codes"}).has("could not be done or checked"));
  CHECK(say({"help", "environment"}).has("CPL_SERVER"));
}

}  // namespace cpl::testing::help_run_test
