// Every file of a service's data is taken away, cut short, and given another octet at many places,
// one at a time: the log always opens, signs only what is whole, and serves what can be read.
#include "tests/registry/upkeep/damage_fixture.hpp"

namespace cpl::testing::damage_sweep_test {
namespace {

constexpr std::uint64_t entries = 10;
// No file of the data holds more of them than this.
constexpr std::uint64_t entries_in_one_file = 4;
constexpr std::uint64_t places_in_one_file = 48;

class Sweep {
 public:
  Sweep() {
    REQUIRE(story_.open());  // All is in tables now; one more opening, and the log is empty.
    const auto opened = story_.open();
    REQUIRE(opened);
    root_ = opened->log->view()->checkpoint().root;
    leaves_ = *opened->log->view()->leaves(EntryIndex{0}, entries);
    fs::copy(story_.data(), sound(), fs::copy_options::recursive);
  }

  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    for (const auto& file : fs::recursive_directory_iterator(sound())) {
      const bool is_diary = name_of(file.path()).starts_with("LOG");
      if (file.is_regular_file() && !is_diary) found.push_back(fs::relative(file, sound()));
    }
    return found;
  }

  std::uintmax_t size_of(const fs::path& file) const { return fs::file_size(sound() / file); }

  // Does it to one file of sound data, and looks at what the log makes of that.
  void damage(const fs::path& file, const std::string& how,
              const std::function<void(const fs::path&)>& harm) {
    INFO(file.string() + ": " + how);
    fs::remove_all(story_.data());
    fs::copy(sound(), story_.data(), fs::copy_options::recursive);
    harm(story_.data() / file);
    const auto before = store_octets();
    const auto opened = story_.open();
    INFO((opened ? opened->log->read_only_reason() : opened.error().detail));
    REQUIRE(opened);
    if (opened->log->read_only_reason().empty()) return look_at_sound(*opened);
    CHECK(opened->log->view()->checkpoint_note().empty());
    CHECK_FALSE(opened->store->is_writable());
    CHECK(served(*opened->log->view()) >= entries - entries_in_one_file);
    CHECK(store_octets() == before);
    ++refusals_;
  }

  std::uint64_t refusals() const { return refusals_; }

 private:
  // Without the record beside the store: where there is none, one is laid out that says nothing.
  std::map<std::string, Bytes> store_octets() const {
    auto octets = story_.octets();
    octets.erase("signed-size");
    return octets;
  }

  fs::path sound() const { return story_.data().parent_path() / "sound"; }

  // It was not seen yet: then nobody is told another list, and reading all of it finds it.
  void look_at_sound(const LogData& data) {
    const auto view = data.log->view();
    CHECK(view->size() == TreeSize{entries});
    CHECK(view->checkpoint().root == root_);
    if (served(*view) < entries) {
      CHECK_FALSE(RocksStore::check_contents(*data.store, [] { return true; }).empty());
    }
  }

  // How many entries can be read; those are as they were.
  std::uint64_t served(const LogView& view) const {
    std::uint64_t count = 0;
    for (std::uint64_t i = 0; i < view.size().value; ++i) {
      const auto leaf = view.leaf(EntryIndex{i});
      if (!leaf) continue;
      CHECK(*leaf == leaves_[i]);
      ++count;
    }
    return count;
  }

  StoredStory story_;
  Hash root_;
  std::vector<Bytes> leaves_;
  std::uint64_t refusals_ = 0;
};

}  // namespace

TEST_CASE("damage sweep: each file taken away, and cut short (I10)") {
  Sweep sweep;
  for (const fs::path& file : sweep.files()) {
    sweep.damage(file, "taken away", [](const fs::path& path) { fs::remove(path); });
    if (sweep.size_of(file) == 0) continue;
    sweep.damage(file, "cut short", [](const fs::path& path) { cut(path, 1); });
    sweep.damage(file, "half of it",
                 [&](const fs::path& path) { cut(path, (fs::file_size(path) + 1) / 2); });
    sweep.damage(file, "emptied", [](const fs::path& path) { fs::resize_file(path, 0); });
  }
  CHECK(sweep.refusals() > 10);
}

TEST_CASE("damage sweep: another octet at many places of each file (I10)") {
  Sweep sweep;
  for (const fs::path& file : sweep.files()) {
    const std::uintmax_t size = sweep.size_of(file);
    const std::uintmax_t step = std::max<std::uintmax_t>(1, size / places_in_one_file);
    for (std::uintmax_t at = 0; at < size; at += step) {
      sweep.damage(file, "another octet at " + std::to_string(at),
                   [&](const fs::path& path) { flip(path, static_cast<std::streamoff>(at)); });
    }
  }
  CHECK(sweep.refusals() > 40);
}

}  // namespace cpl::testing::damage_sweep_test
