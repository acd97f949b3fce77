// Commands that the operator names: parted into words without a shell, fed, and bounded in time.
#include "tools/shared/command_run.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>

#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::command_run_test {
namespace {

using Words = std::vector<std::string>;
using namespace std::chrono_literals;

std::string ran(const Words& words, BytesView input = {},
                std::chrono::milliseconds time_max = 60s) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto done = run_command(words, input, time_max);
  return done ? "done" : done.error().detail;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("command: it is parted at spaces, and quotes keep together what is between them") {
  const auto parted = [](std::string_view text) {
    const auto words = split_command(text);
    return words ? *words : Words{words.error().code};
  };
  CHECK(parted("mail -s  alarm") == Words{"mail", "-s", "alarm"});
  CHECK(parted("mail -s 'an alarm' \"it's\"") == Words{"mail", "-s", "an alarm", "it's"});
  CHECK(parted("a ''") == Words{"a", ""});
  CHECK(parted("a$HOME`b`;c|d>e\\") == Words{"a$HOME`b`;c|d>e\\"});
  for (const std::string_view wrong : {"", "  ", "'a", "''", "a \"b"}) {
    CHECK(parted(wrong) == Words{"command-malformed"});
  }
}

TEST_CASE("command: it reads the input to its end, however long it is") {
  const testing::TemporaryFolder folder;
  const std::string file = (folder.path() / "out").string();
  const Bytes input(300'000, 'x');
  CHECK(ran({"dd", "of=" + file, "status=none"}, input) == "done");
  CHECK(content_of(file) == input);
}

TEST_CASE("command: no shell reads its words") {
  const testing::TemporaryFolder folder;
  const std::string file = (folder.path() / "touched").string();
  CHECK(ran({"true", "; touch " + file}) == "done");
  CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("command: one that reads nothing of much input is no failure") {
  CHECK(ran({"true"}, Bytes(300'000, 'x')) == "done");
}

TEST_CASE("command: how it failed is told") {
  CHECK(ran({"false"}) == "the command false ended with status 1");
  CHECK(ran({"sh", "-c", "kill -9 $$"}) == "the command sh was ended by signal 9");
  CHECK(ran({"no-such-program-here"}).starts_with("the command no-such-program-here cannot be"));
}

TEST_CASE("command: one that does not end is killed, with its children") {
  CHECK(ran({"sh", "-c", "tail -f /dev/null & wait"}, {}, 50ms) ==
        "the command sh did not end in time, and was killed");
}

TEST_CASE("command: of what it prints so much is kept as there is room for") {
  CommandOutput little;
  REQUIRE(run_command({"sh", "-c", "cat; echo more >&2"}, "said\n", 60s, &little));
  CHECK(little.octets == "said\nmore\n");
  CHECK_FALSE(little.is_cut);
  CommandOutput much;
  much.size_max = 100;
  REQUIRE(run_command({"sh", "-c", "head -c 1000000 /dev/zero"}, {}, 60s, &much));
  CHECK(much.octets.size() == 100);
  CHECK(much.is_cut);
  CommandOutput failed;
  CHECK_FALSE(run_command({"sh", "-c", "echo why; exit 3"}, {}, 60s, &failed));
  CHECK(failed.octets == "why\n");
}

}  // namespace cpl::testing::command_run_test
