// Indexes of the list: rows beside the models' records, so that what few models answer is found
// without reading the rest. Each follows from the records alone, and is written with them.
#pragma once

#include <map>

#include "registry/list/list.hpp"
#include "registry/store/store.hpp"

namespace cpl {

// Facts by which models are looked up whole; the letter is in the store's key.
enum class ModelFact : char {
  image_hash = 'a',  // In lower-case hexadecimal.
  certificate = 'c',
  cpl_entry_id = 'e',
  predecessor = 'p',
};

// Whether a text in lower case has a word in it: four letters in a row, or "ch-". Few printed
// firmware versions and CPL entry ids have, so those are kept apart, for who looks for words.
bool has_words(std::string_view lower_text);

// What the indexes say, at one point in time.
class ModelIndex {
 public:
  explicit ModelIndex(const StoreView& store) : store_(store) {}

  struct StatusRow {
    std::string id;
    std::string cover_end;  // The day of a listed model's first; empty: none of its cover ends.
  };
  // In order of id, of those with from <= id < to. An empty `to` is beyond all.
  Result<std::vector<StatusRow>> of_status(ModelStatus status, std::string_view from,
                                           std::string_view to, std::size_t count_max) const;
  struct EndRow {
    std::string date;
    std::string id;
  };
  // Listed models by the day when the first of their cover ends, with from <= day <= to. After
  // `after`, a row that was read before.
  Result<std::vector<EndRow>> cover_ends(std::string_view from, std::string_view to,
                                         std::size_t count_max, const EndRow& after = {}) const;
  struct Manufacturer {
    std::string id;
    std::string name;
  };
  // Every name that an entry of the list gives or gave to a manufacturer, by its id.
  Result<std::vector<Manufacturer>> manufacturers(std::size_t count_max) const;
  // Those whose printed firmware or CPL entry id has words, with both in lower case.
  struct WordyRow {
    std::string id;
    std::string text;
  };
  Result<std::vector<WordyRow>> wordy(std::size_t count_max) const;
  // Those of which that is a fact; `text` in whatever case.
  Result<std::vector<std::string>> with(ModelFact fact, std::string_view text,
                                        std::size_t count_max) const;

 private:
  const StoreView& store_;
};

// The rows of a batch: what its changes make of the models' rows, from before it to after it.
class ModelIndexBatch {
 public:
  // What a change may need, before it is put into `list`; `store` is as it is before the batch.
  Result<void> note(const Change& change, EntryIndex at, const List& list, const StoreView& store);
  // That it was put.
  void take(const Change& change);
  // With the list as it is after the batch. A manufacturer's name that the store has is not put
  // again: thousands of models bear it, and older versions of a row are in the way of its readers.
  void put(const MemoryList& list, WriteBatch& batch) const;

 private:
  std::map<ModelId, std::optional<ModelRecord>> before_;
  std::map<Bytes, bool> known_names_;  // By their rows' keys; whether the store has them.
  std::set<Bytes> names_;              // That were given, whatever came after them in the batch.
};

// The rows that lead to the record, and not to `before`, are put; the others are deleted. All but
// the manufacturer's name, which has a row of its own.
void put_model_rows(const std::optional<ModelRecord>& before, const ModelRecord& after,
                    WriteBatch& batch);
Bytes manufacturer_row(const DeviceModel& model);

}  // namespace cpl
