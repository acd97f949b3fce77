// A small log in a data folder on the disk, and what may happen to its files.
#pragma once

#include <fstream>

#include "registry/upkeep/log_data.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing {

namespace fs = std::filesystem;

inline std::string name_of(const fs::path& path) { return path.filename().string(); }

inline Bytes read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Ten entries in a data folder that was opened three times, so that RocksDB has them in two tables,
// which opening makes of the write-ahead log, and in that log.
class StoredStory {
 public:
  StoredStory() {
    const auto notes = story_notes();
    append({notes.begin(), notes.begin() + 4});
    append({notes.begin() + 4, notes.begin() + 8});
    append({notes.begin() + 8, notes.end()});
    REQUIRE(files(".sst").size() == 2);
    REQUIRE(files(".log").size() == 1);
  }

  // Two more entries, which then are in a table.
  void extend() {
    append({addition_note(20), addition_note(21)});
    append({});
  }

  // Rows of the service's own, which then are in the last table.
  void put_in_table(const WriteBatch& batch) {
    {
      const auto opened = RocksStore::open({.path = store()});
      REQUIRE(opened);
      REQUIRE((*opened)->commit(batch, Durability::synced));
    }
    REQUIRE(RocksStore::open({.path = store()}));
  }

  fs::path data() const { return folder_.path() / "data"; }
  fs::path store() const { return data() / "store"; }
  // By what is in them: RocksDB writes one anew, under a higher number, when it likes.
  fs::path first_table() const { return tables_by_age().front(); }
  fs::path last_table() const { return tables_by_age().back(); }
  fs::path log_file() const { return files(".log").front(); }
  fs::path manifest() const { return files("MANIFEST-").front(); }

  Result<LogData> open() {
    const bool begun = fs::exists(store());
    return open_log_data(data(), begun ? Begin::log_that_is_there : Begin::new_log, clock_,
                         log_keys().log, log_origin);
  }

  // All that holds data, by name; RocksDB's diary is not among it, nor what was salvaged.
  std::map<std::string, Bytes> octets() const {
    std::map<std::string, Bytes> all;
    for (const fs::path& folder : {data(), store()}) {
      for (const auto& file : fs::directory_iterator(folder)) {
        const std::string name = name_of(file.path());
        if (file.is_regular_file() && !name.starts_with("LOG")) all[name] = read(file.path());
      }
    }
    return all;
  }

  std::string codes(Depth depth) const {
    std::string text;
    for (const StoreFault& fault : RocksStore::examine({.path = store()}, depth).faults) {
      text += fault.code + " ";
    }
    return text;
  }

 private:
  void append(const std::vector<Bytes>& notes) {
    clock_.advance(1000);
    fs::create_directories(data());
    const auto opened = open();
    REQUIRE(opened);
    for (const Bytes& note : notes) {
      const auto charter = opened->log->view()->charter();
      const auto answers = opened->log->append({open_note(note, charter)});
      INFO((answers[0] ? "" : answers[0].error().detail));
      REQUIRE(answers[0]);
    }
  }

  // A table is as old as the newest entry in it; rows of the service's own came later.
  static std::size_t newest_in(const fs::path& table) {
    std::vector<Bytes> in_order = story_notes();
    in_order.push_back(addition_note(20));
    in_order.push_back(addition_note(21));
    in_order.emplace_back(200, 'r');
    const Bytes held = read(table);
    for (std::size_t i = in_order.size(); i > 0; --i) {
      if (held.find(in_order[i - 1]) != Bytes::npos) return i;
    }
    return 0;
  }
  std::vector<fs::path> tables_by_age() const {
    auto tables = files(".sst");
    std::stable_sort(tables.begin(), tables.end(), [](const fs::path& a, const fs::path& b) {
      return newest_in(a) < newest_in(b);
    });
    return tables;
  }

  // In the order of their numbers.
  std::vector<fs::path> files(const std::string& kind) const {
    std::vector<fs::path> found;
    for (const auto& file : fs::directory_iterator(store())) {
      if (file.path().filename().string().find(kind) != std::string::npos) found.push_back(file);
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  TemporaryFolder folder_;
  TestClock clock_;
};

inline void flip(const fs::path& path, std::streamoff from_start) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(from_start);
  const char octet = static_cast<char>(file.get() ^ 1);
  file.seekp(from_start);
  file.put(octet);
  REQUIRE(file.good());
}

inline void cut(const fs::path& path, std::uintmax_t octets) {
  fs::resize_file(path, fs::file_size(path) - octets);
}

}  // namespace cpl::testing
