// What a store holds, by kind: the letter that the keys of each begin with, and what is so of all
// its rows. On disk: never change a letter, nor give one a second time; registry/FORMAT.md lists
// them with their values. The only place where a letter is spelt.
#pragma once

#include <array>
#include <string_view>

#include "crypto/bytes.hpp"

namespace cpl::keyspace {

enum class Kind : char {
  head = 'H',
  entry = 'e',
  statement_id = 'i',
  tile = 'h',
  charter = 'c',
  model = 'm',
  model_version = 'v',
  model_history = 'y',
  decision = 'd',
  meeting = 'g',
  notice = 'o',
  tree_branch = 'n',
  seals = 'x',
  work = 'z',
  model_by_status = 'b',
  cover_end = 'f',
  manufacturer_name = 'j',
  wordy_model = 't',
  model_by_fact = 'q',
  subscription = 's',
  delivery = 'l',
  party = 'p',
  report = 'r',
  tray = 'T',
  answer = 'a',
  escalation = 'k',
  advisory = 'u',
  publication = 'w',
};

enum class From : std::uint8_t {
  log,      // Follows from the entries: `cpl fsck` compares it with a replay of them.
  service,  // The service's own: nothing else has it.
};

enum class Value : std::uint8_t {
  fixed,    // Never changes once it is there.
  grows,    // Only gets longer, and its reader sees where it is too short.
  changes,  // An older one would pass for the newest.
};

enum class Read : std::uint8_t {
  whole_at_start,  // A damaged block of it must be found before the service begins.
  when_asked,
};

struct KindFacts {
  Kind kind;
  std::string_view name;  // As a finding begins that names one row: "entry" (12).
  std::string_view room;  // Whose rows they are.
  From from;
  Value value;
  Read read;
};

inline constexpr std::array kinds = {
    KindFacts{Kind::head, "the head", "registry/log", From::log, Value::changes, Read::when_asked},
    KindFacts{Kind::entry, "entry", "registry/log", From::log, Value::fixed, Read::when_asked},
    KindFacts{Kind::statement_id, "the statement id", "registry/log", From::log, Value::fixed,
              Read::when_asked},
    KindFacts{Kind::tile, "tile", "registry/log", From::log, Value::grows, Read::when_asked},
    KindFacts{Kind::charter, "the mark of the charter in entry", "registry/log", From::log,
              Value::fixed, Read::whole_at_start},
    KindFacts{Kind::model, "the record of model", "registry/log", From::log, Value::changes,
              Read::when_asked},
    KindFacts{Kind::model_version, "the state of model", "registry/log", From::log, Value::fixed,
              Read::when_asked},
    KindFacts{Kind::model_history, "the history of model", "registry/log", From::log, Value::fixed,
              Read::when_asked},
    KindFacts{Kind::decision, "the record of the decision in entry", "registry/log", From::log,
              Value::changes, Read::whole_at_start},
    KindFacts{Kind::meeting, "the record of meeting", "registry/log", From::log, Value::changes,
              Read::whole_at_start},
    KindFacts{Kind::notice, "the record of the notice in entry", "registry/log", From::log,
              Value::changes, Read::whole_at_start},
    KindFacts{Kind::tree_branch, "the state tree's branch of entry", "registry/log", From::log,
              Value::fixed, Read::when_asked},
    KindFacts{Kind::seals, "the seals of entry", "registry/log", From::log, Value::changes,
              Read::when_asked},
    KindFacts{Kind::work, "the record of the work around the list, at", "registry/log", From::log,
              Value::changes, Read::whole_at_start},
    KindFacts{Kind::model_by_status, "the index by status, model", "registry/log", From::log,
              Value::changes, Read::when_asked},
    KindFacts{Kind::cover_end, "the index of cover ends, at", "registry/log", From::log,
              Value::changes, Read::when_asked},
    KindFacts{Kind::manufacturer_name, "the index of manufacturers, at", "registry/log", From::log,
              Value::fixed, Read::when_asked},
    KindFacts{Kind::wordy_model, "the index of texts with words, model", "registry/log", From::log,
              Value::changes, Read::when_asked},
    KindFacts{Kind::model_by_fact, "the index by facts, at", "registry/log", From::log,
              Value::changes, Read::when_asked},
    KindFacts{Kind::subscription, "the subscription", "notifier/subscription", From::service,
              Value::changes, Read::whole_at_start},
    KindFacts{Kind::delivery, "the attempt to deliver", "notifier/subscription", From::service,
              Value::changes, Read::when_asked},
    KindFacts{Kind::party, "the account of", "api/accounts", From::service, Value::changes,
              Read::whole_at_start},
    KindFacts{Kind::report, "report", "api/accounts", From::service, Value::changes,
              Read::whole_at_start},
    KindFacts{Kind::tray, "the statement in the tray", "api/tray", From::service, Value::changes,
              Read::whole_at_start},
    KindFacts{Kind::answer, "the remembered answer", "api/accounts", From::service, Value::changes,
              Read::whole_at_start},
    KindFacts{Kind::escalation, "the mark of the late step", "notifier/run", From::service,
              Value::changes, Read::whole_at_start},
    KindFacts{Kind::advisory, "the mark of the disclosure", "notifier/run", From::service,
              Value::changes, Read::whole_at_start},
    KindFacts{Kind::publication, "the publication's row", "registry/log", From::service,
              Value::changes, Read::whole_at_start},
};

constexpr bool letters_are_unique() {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    for (std::size_t j = i + 1; j < kinds.size(); ++j) {
      if (kinds[i].kind == kinds[j].kind) return false;
    }
  }
  return true;
}
static_assert(letters_are_unique());

// What is known of the kind of a key; null if no kind has its letter.
constexpr const KindFacts* facts_of(BytesView key) {
  for (const KindFacts& facts : kinds) {
    if (!key.empty() && key.front() == static_cast<char>(facts.kind)) return &facts;
  }
  return nullptr;
}

}  // namespace cpl::keyspace
