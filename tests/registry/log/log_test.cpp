// The log as its writer and its readers see it: what one batch does, what a refused statement does
// not, and what is found again when it is opened again.
#include "registry/list/state_record.hpp"
#include "registry/log/log_keys.hpp"
#include "registry/store/keyspace.hpp"
#include "tests/registry/log/checker.hpp"
#include "tests/registry/store/fault_store.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::log_test {
namespace {

class LogFixture {
 public:
  void check() { checker_.check(*log.view()); }
  std::string refusal(const Bytes& note) {
    const auto answers = log.try_append({note});
    REQUIRE(answers.size() == 1);
    REQUIRE(answers[0].has_error());
    check();
    return answers[0].error().code;
  }

  MemoryStore memory;
  FaultStore store{memory};
  TestLog log{store};

 private:
  LogChecker checker_;
};

Charter charter_with_registrar(const NoteSigner& registrar) {
  Charter charter = small_charter();
  charter.roles[Role::registrar] = {1, {registrar.verifier()}};
  charter.replaces = EntryIndex{0};
  return charter;
}

}  // namespace

TEST_CASE("log: a new log is empty, signed, and proves it") {
  LogFixture fixture;
  CHECK(fixture.log.view()->size().value == 0);
  CHECK(fixture.log.view()->checkpoint().root == merkle_empty_root());
  CHECK(fixture.log.view()->charter() == nullptr);
  CHECK(fixture.log->read_only_reason().empty());
  fixture.check();
}

TEST_CASE("log: statements become entries, numbered from 0 without a gap (I1)") {
  LogFixture fixture;
  const auto notes = story_notes();
  for (std::size_t i = 0; i < notes.size(); ++i) {
    CHECK(fixture.log.append({notes[i]}).value == i);
    fixture.check();
  }
  const auto model = fixture.log.view()->list().model(small_id(1));
  REQUIRE(model);
  REQUIRE(*model);
  CHECK((*model)->status == ModelStatus::removed);
}

TEST_CASE("log: one batch and ten batches make the same list and the same state root (I7)") {
  LogFixture together;
  LogFixture apart;
  const auto notes = story_notes();
  together.log.clock.advance(8000);  // The removal has effect from its entry on: the ninth of ten.
  CHECK(together.log.append(notes).value == 9);
  CHECK(together.store.commits() == 1);
  for (const Bytes& note : notes) apart.log.append({note});
  together.check();
  apart.check();
  const auto last = [](const LogFixture& fixture) {
    return *fixture.log.view()->entry(EntryIndex{9});
  };
  CHECK(last(together).state_root == last(apart).state_root);
  const auto one = together.log.view()->list().models_after("", 10);
  const auto other = apart.log.view()->list().models_after("", 10);
  REQUIRE(one->size() == other->size());
  for (std::size_t i = 0; i < one->size(); ++i) CHECK(encode((*one)[i]) == encode((*other)[i]));
}

TEST_CASE("log: a refused statement leaves no trace in a batch, beside those that get in") {
  LogFixture fixture;
  fixture.log.append({charter_note(), addition_note(1)});
  const auto answers = fixture.log.try_append(
      {removal_note(small_id(1), EntryIndex{1}), addition_note(2),
       sign(Addition{small_model(1), UnixMillis{start_time.value + 1000}}, log_keys().registrar),
       addition_note(3)});
  REQUIRE(answers.size() == 4);
  CHECK(answers[0].error().code == "notice-not-found");
  CHECK(answers[1]->index.value == 2);
  CHECK(answers[2].error().code == "model-already-listed");
  CHECK(answers[3]->index.value == 3);
  fixture.check();
}

TEST_CASE("log: a batch of refused statements alone is no commit and no new checkpoint") {
  LogFixture fixture;
  fixture.log.append({charter_note()});
  const auto before = fixture.log.view();
  const std::size_t commits = fixture.store.commits();
  CHECK(fixture.refusal(removal_note(small_id(1), EntryIndex{0})) == "notice-not-found");
  CHECK(fixture.store.commits() == commits);
  CHECK(fixture.log.view() == before);
  CHECK(fixture.log->append({}).empty());
}

TEST_CASE("log: the same text again is answered with its entry, whoever signed it and when") {
  LogFixture fixture;
  fixture.log.append({charter_note(), addition_note(1)});
  const auto twice = fixture.log.try_append({addition_note(1), addition_note(2), addition_note(2)});
  CHECK(twice[0]->repeated);
  CHECK(twice[0]->index.value == 1);
  CHECK_FALSE(twice[1]->repeated);
  CHECK(twice[2]->repeated);
  CHECK(twice[2]->index == twice[1]->index);
  fixture.log.open();
  Note unsigned_note = *parse_note(addition_note(1));
  unsigned_note.signatures.clear();
  sign_note(unsigned_note, log_keys().desk);
  const auto again = fixture.log.try_append({format_note(unsigned_note)});
  REQUIRE(again[0]);
  CHECK(again[0]->repeated);
  CHECK(again[0]->index.value == 1);
  CHECK(fixture.log.view()->size().value == 3);
  fixture.check();
}

TEST_CASE("log: the first statement must be a charter") {
  LogFixture fixture;
  CHECK(fixture.refusal(addition_note(1)) == "charter-missing");
  CHECK(fixture.log.view()->size().value == 0);
}

TEST_CASE("log: signatures are judged again where the charter changed since they were checked") {
  LogFixture fixture;
  fixture.log.append({charter_note()});
  const NoteSigner successor = signer_of("successor");
  const Bytes old_key = addition_note(1);
  const Bytes new_key = sign(Addition{small_model(2), start_time}, successor);
  const Bytes both_keys = [&] {
    Note note = *parse_note(addition_note(3));
    sign_note(note, successor);
    return format_note(note);
  }();
  // Opened against the first charter, judged under the second.
  const auto answers = fixture.log->append(
      fixture.log.opened({both_keys, sign(charter_with_registrar(successor), log_keys().panel),
                          old_key, addition_note(4)}));
  CHECK(answers[0]);
  CHECK(answers[1]);
  REQUIRE(answers[2].has_error());
  CHECK(answers[2].error().errc == Errc::unauthorized);
  CHECK(answers[3].has_error());
  CHECK(fixture.log.append({new_key}).value == 3);
  fixture.check();
  const auto too_late = open_statement(addition_note(5), fixture.log.view()->charter());
  REQUIRE(too_late.has_error());
  CHECK(too_late.error().code == "signature-missing");
}

TEST_CASE("log: an entry's time is the batch's, and never before the last one's (I5)") {
  LogFixture fixture;
  fixture.log.append({charter_note(), addition_note(1)});
  const UnixMillis first = fixture.log.clock.now();
  CHECK(fixture.log.view()->entry(EntryIndex{0})->time == first);
  CHECK(fixture.log.view()->entry(EntryIndex{1})->time == first);
  fixture.log.clock.set(UnixMillis{first.value - 600'000});
  fixture.log.append({addition_note(2)});
  CHECK(fixture.log.view()->entry(EntryIndex{2})->time == first);
  fixture.check();
}

TEST_CASE("log: a view stays as it was while the log grows (I9)") {
  LogFixture fixture;
  fixture.log.append({charter_note(), addition_note(1)});
  const auto before = fixture.log.view();
  const Bytes note = before->checkpoint_note();
  const auto id = open_note(addition_note(2), before->charter()).id;
  fixture.log.append({addition_note(2)});
  CHECK(before->size().value == 2);
  CHECK(before->checkpoint_note() == note);
  CHECK(before->leaf(EntryIndex{2}).error().errc == Errc::not_found);
  CHECK_FALSE(before->find_statement(id)->has_value());
  CHECK_FALSE(before->list().model(small_id(2))->has_value());
  CHECK(before->leaves(EntryIndex{0}, 10)->size() == 2);
  CHECK(before->state_proof(small_id(1), TreeSize{3}).error().errc == Errc::not_found);
  CHECK(fixture.log.view()->find_statement(id)->has_value());
}

TEST_CASE("log: a log opened again is the log that was closed, checkpoint and all") {
  LogFixture fixture;
  fixture.log.append(story_notes());
  const Bytes note = fixture.log.view()->checkpoint_note();
  fixture.log.open();
  CHECK(fixture.log.view()->checkpoint_note() == note);
  fixture.check();
  CHECK(fixture.log.append({addition_note(4)}).value == 10);
  fixture.check();
}

TEST_CASE("log: each model's state is provable under every size the log had (I7)") {
  LogFixture fixture;
  fixture.log.append(story_notes());
  const auto view = fixture.log.view();
  for (std::uint64_t size = 1; size <= 10; ++size) {
    const auto root = view->entry(EntryIndex{size - 1})->state_root;
    for (std::uint64_t number = 1; number <= 4; ++number) {
      const ModelId id = small_id(number);
      const auto record = view->list().state_at(id, TreeSize{size});
      const auto proof = view->state_proof(id, TreeSize{size});
      REQUIRE(record);
      REQUIRE(proof);
      const bool listed = number <= 3 && size > number;
      CHECK(record->has_value() == listed);
      if (listed) {
        CHECK(verify_present(root, state_key(id), state_value(**record), *proof));
      } else {
        CHECK(verify_absent(root, state_key(id), *proof));
      }
    }
  }
  CHECK(*view->list().state_at(small_id(1), TreeSize{8}) !=
        *view->list().state_at(small_id(1), TreeSize{9}));
}

TEST_CASE("log: the history of a model names every entry that concerns it, oldest first") {
  LogFixture fixture;
  fixture.log.append(story_notes());
  const auto view = fixture.log.view();
  CHECK(*view->list().history(small_id(1), 100) ==
        std::vector{EntryIndex{1}, EntryIndex{5}, EntryIndex{6}, EntryIndex{7}, EntryIndex{8}});
  CHECK(*view->list().history(small_id(1), 2) == std::vector{EntryIndex{1}, EntryIndex{5}});
  CHECK(*view->list().history(small_id(2), 100) == std::vector{EntryIndex{2}});
  CHECK(view->list().history(small_id(9), 100)->empty());
  CHECK(view->list().notices_before(std::nullopt, 10)->size() == 1);
  CHECK(view->list().notices_before(EntryIndex{5}, 10)->empty());
  CHECK(view->list().decisions_before(EntryIndex{5}, 10)->size() == 1);
  CHECK(view->list().meetings(10)->size() == 1);
  CHECK(view->list().models_after(small_id(1).text(), 1)->front().model.id() == small_id(2));
}

TEST_CASE("log: the charter in force at each point of the log is the one before it") {
  LogFixture fixture;
  fixture.log.append({charter_note(), addition_note(1)});
  fixture.log.append({sign(charter_with_registrar(log_keys().registrar), log_keys().panel)});
  fixture.log.append({addition_note(2)});
  const auto view = fixture.log.view();
  CHECK(*view->charter_before(EntryIndex{0}) == nullptr);
  CHECK((*view->charter_before(EntryIndex{1}))->entry.value == 0);
  CHECK((*view->charter_before(EntryIndex{2}))->entry.value == 0);
  CHECK((*view->charter_before(EntryIndex{3}))->entry.value == 2);
  CHECK(view->charter()->entry.value == 2);
  fixture.check();
}

namespace {

// What opening says once the value under the key is another, or gone. Whatever it is, it never
// signs.
std::string opening_after(const Bytes& key, const std::optional<Bytes>& value) {
  MemoryStore store;
  TestLog log(store);
  log.append(story_notes());
  const auto signed_before = log.record.recorded;
  log.close();
  WriteBatch batch;
  if (value) {
    batch.put(key, *value);
  } else {
    batch.deletes.push_back(key);
  }
  REQUIRE(store.commit(batch, Durability::synced));
  const auto opened = Log::open(store, log.record, log.clock, log_keys().log, log_origin);
  if (!opened) return opened.error().code;
  CHECK(log.record.recorded == signed_before);
  const auto view = (*opened)->view();
  CHECK(view->size() == TreeSize{10});
  CHECK(view->checkpoint_note().empty() == !(*opened)->read_only_reason().empty());
  CHECK(view->list().model(small_id(1))->value().status == ModelStatus::removed);
  return (*opened)->read_only_reason();
}

}  // namespace

TEST_CASE("log: a store that contradicts itself is read, and not built upon (I6, I10)") {
  using Catch::Contains;
  CHECK(opening_after(store_keys::subscription("any"), "") == "");
  CHECK_THAT(opening_after(store_keys::tile(0, 0), std::nullopt),
             Contains("tile at the right edge"));
  CHECK_THAT(opening_after(store_keys::tile(0, 0), Bytes(320, 'x')),
             Contains("do not give the stored root"));
  CHECK_THAT(opening_after(store_keys::tile(0, 0), Bytes(288, 'x')), Contains("the wrong size"));
  CHECK_THAT(opening_after(keyspace::entry(EntryIndex{9}), std::nullopt), Contains("entry 9"));
  CHECK_THAT(opening_after(keyspace::entry(EntryIndex{9}), "not an entry"), Contains("entry"));
  CHECK_THAT(opening_after(keyspace::entry(EntryIndex{0}), "no charter"), Contains("entry"));
  // Where it ends cannot be told then.
  CHECK(opening_after(store_keys::head(), "{}") == "stored-data-corrupt");
}

TEST_CASE("log: a head and a newest branch that were forged together are found out (I6)") {
  // Two logs of one size, and what the second has in place of the first's.
  MemoryStore store;
  TestLog log(store);
  log.append({charter_note(), addition_note(1)});
  log.append({addition_note(2)});
  MemoryStore other_store;
  TestLog other(other_store);
  other.append({charter_note(), addition_note(1)});
  other.append({addition_note(3)});
  const auto head = LogHead::read(*store.snapshot());
  const auto other_head = LogHead::read(*other_store.snapshot());
  const Bytes branch = store_keys::tree_branch(EntryIndex{2});
  const auto other_branch = other_store.snapshot()->get(branch);
  REQUIRE((head && other_head && other_branch && *other_branch));
  REQUIRE(head->state_root != other_head->state_root);
  log.close();
  WriteBatch batch;
  batch.put(branch, **other_branch);
  batch.put(store_keys::head(),
            LogHead{head->size, head->root, other_head->state_root, head->time}.encode());
  REQUIRE(store.commit(batch, Durability::synced));
  log.open();
  CHECK_THAT(log->read_only_reason(),
             Catch::Contains("the last entry's state root is not the stored one"));
  CHECK(log.view()->checkpoint_note().empty());
}

TEST_CASE("log: while its key changes over, old and new sign each checkpoint") {
  MemoryStore store;
  TestLog founded(store);
  founded.append({charter_note()});
  founded.close();
  const NoteSigner newest = log_key_from("the next key of the log");
  const NoteSigner& old = log_keys().log;
  const auto log = Log::open(store, founded.record, founded.clock, newest, log_origin, &old);
  REQUIRE(log);
  for (int round = 0; round < 2; ++round) {
    const Bytes note = (*log)->view()->checkpoint_note();
    const auto parsed = parse_note(note);
    REQUIRE(parsed);
    CHECK(parsed->signatures.size() == 2);
    for (const NoteVerifier& key : {newest.verifier(), old.verifier()}) {
      const auto opened = open_checkpoint(note, key, log_origin);
      REQUIRE(opened);
      CHECK(opened->checkpoint.size == (*log)->view()->size());
    }
    if (round == 0) {
      founded.clock.advance(1000);
      const auto charter = (*log)->view()->charter();
      for (const auto& answer : (*log)->append({open_note(addition_note(1), charter)})) {
        REQUIRE(answer);
      }
    }
  }
}

}  // namespace cpl::testing::log_test
