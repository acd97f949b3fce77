#include "tools/shared/sample.hpp"

#include <cstdio>

#include "tools/shared/sample_names.hpp"

namespace cpl {
namespace {

using sample::eras;
using sample::manufacturers;
using sample::suppliers;

constexpr std::uint64_t millis_per_day = 86'400'000;
constexpr int cpa_years = 6;
// Entries are this old at most, so that a CPA certificate from the day of the first can still hold.
constexpr std::uint64_t history_days = 1760;
constexpr std::size_t open_products_max = 2000;

// SplitMix64: tiny, and the same on every machine, which the distributions of the standard library
// are not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) {
    return low + below(high - low + 1);
  }
  bool percent(std::uint64_t share) { return below(100) < share; }
  template <class Choices>
  const auto& one_of(const Choices& choices) {
    return choices[below(std::size(choices))];
  }

 private:
  std::uint64_t state_;
};

std::string hex(std::uint64_t value, int digits) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%0*llX", digits, static_cast<unsigned long long>(value));
  return text.data();
}

std::string decimal(std::uint64_t value, int digits) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%0*llu", digits, static_cast<unsigned long long>(value));
  return text.data();
}

std::uint64_t bcd(std::uint64_t value) { return value / 10 * 16 + value % 10; }

Hash random_hash(Random& random) {
  Hash hash;
  for (std::size_t i = 0; i < hash.octets.size(); i += 8) {
    const std::uint64_t word = random.next();
    for (std::size_t j = 0; j < 8; ++j) {
      hash.octets[i + j] = static_cast<std::uint8_t>(word >> (8 * j));
    }
  }
  return hash;
}

enum class Encoding : std::uint8_t { hex, bcd, mixed, unknown };

// A firmware version as its maker counts it. Every step goes up in all encodings.
struct Firmware {
  std::uint64_t index, major, minor, patch;

  void step(Random& random) {
    ++index;
    if (random.percent(60)) {
      patch += random.between(1, 3);
    } else if (random.percent(85)) {
      minor += 1, patch = 0;
    } else {
      major += 1, minor = 0, patch = random.below(3);
    }
  }

  std::string digits(Encoding encoding) const {
    if (encoding == Encoding::hex || encoding == Encoding::unknown) {
      return hex(major, 4) + hex(minor, 2) + hex(patch, 2);
    }
    if (encoding == Encoding::bcd)
      return hex(bcd(major), 4) + hex(bcd(minor), 2) + hex(bcd(patch), 2);
    // Seen on real gas meters: the index in BCD, the radio's version in hexadecimal.
    return hex(bcd(index), 2) + hex(major, 2) + hex(minor, 2) + hex(patch, 2);
  }
  std::string printed() const {
    return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
  }
};

// One design of one manufacturer, and where its firmware has got to.
struct Product {
  DeviceType type{};
  std::size_t manufacturer = 0;
  bool smets1 = false;
  std::size_t era = 0;
  std::uint64_t model = 0;
  std::uint64_t hardware = 0;
  Encoding encoding{};
  Firmware firmware{};
  std::uint64_t releases_left = 0;
  std::string variant;  // Of an ESME or of a CH's network.
  std::optional<ModelId> newest;
  std::optional<ModelId> before_newest;
  std::optional<Certificate> zigbee;  // Of the first firmware; later ones may lean on it.
};

}  // namespace

class SampleList::Maker {
 public:
  Maker(std::size_t count, std::uint64_t seed, const Date& today)
      : count_(count),
        random_(seed),
        today_(today.midnight()),
        open_(std::clamp<std::size_t>(count / 8, 1, open_products_max)) {
    check(count <= sample_count_max && today.year() >= 2000);
    for (std::size_t i = 0; i < manufacturers.size(); ++i) {
      for (std::size_t type = 0; type < device_type_words.size(); ++type) {
        if (manufacturers[i].makes.find(device_type_words[type].front()) !=
            std::string_view::npos) {
          makers_of_[type].push_back(i);
        }
      }
    }
  }

  std::optional<DeviceModel> next() {
    if (made_ == count_) return std::nullopt;
    Product& product = open_[random_.below(open_.size())];
    if (product.releases_left == 0) product = new_product();
    DeviceModel model = release(product);
    ++made_;
    return model;
  }

 private:
  // Where one maker's numbering has got to. `page` is the high digit of its hardware versions, so
  // that model ids can be used again once all 65,536 are gone.
  struct Numbering {
    std::uint64_t model = 0;
    std::uint64_t page = 0;
    std::uint64_t hardware = 0;
  };

  Product new_product() {
    Product product;
    const std::uint64_t share = random_.below(100);
    product.type = share < 45   ? DeviceType::esme
                   : share < 70 ? DeviceType::gsme
                   : share < 78 ? DeviceType::ch
                   : share < 90 ? DeviceType::ppmid
                   : share < 96 ? DeviceType::hcalcs
                                : DeviceType::sapc;
    const auto& choices = makers_of_[static_cast<std::size_t>(product.type)];
    // The smaller of two draws: a few makers have most of the list, as in every market.
    const std::size_t first = random_.below(choices.size());
    product.manufacturer = choices[std::min<std::size_t>(first, random_.below(choices.size()))];
    number(product);
    product.smets1 = static_cast<std::size_t>(product.type) <= 3 && random_.percent(12);
    product.era = std::min<std::size_t>(3, made_ * 4 / count_ + random_.below(2));
    product.encoding = encoding_of(product.type);
    product.firmware = {random_.between(1, 12), random_.between(1, 9), random_.below(30),
                        random_.below(60)};
    product.releases_left = std::min(random_.between(1, 8), random_.between(1, 8));
    if (product.type == DeviceType::esme) product.variant = esme_variant();
    if (product.type == DeviceType::ch) {
      product.variant = han_variant_words[random_.percent(55) ? 0 : 1];
    }
    return product;
  }

  void number(Product& product) {
    Numbering& numbering = numbering_[product.manufacturer];
    const bool revised =
        numbering.model > 0 && (numbering.hardware & 0xFFU) < 0xF0 && random_.percent(15);
    if (revised) {
      ++numbering.hardware;
    } else {
      numbering.model += random_.between(1, 2);
      if (numbering.model > 0xFFFF) {
        numbering.model = random_.between(1, 2);
        ++numbering.page;
        check(numbering.page < 16);
      }
      const std::uint64_t version = numbering.page * 16 + random_.between(1, 9);
      numbering.hardware = version << 8 | random_.below(8);
    }
    product.model = numbering.model;
    product.hardware = numbering.hardware;
  }

  Encoding encoding_of(DeviceType type) {
    const std::uint64_t share = random_.below(100);
    if (share < 5) return Encoding::unknown;
    if (type == DeviceType::gsme) return share < 55 ? Encoding::mixed : Encoding::bcd;
    return share < 60 ? Encoding::hex : share < 90 ? Encoding::bcd : Encoding::mixed;
  }

  std::string_view esme_variant() {
    // Single-element meters are most of what hangs on walls.
    constexpr std::array<std::string_view, 8> common = {"A",   "A", "AD", "AD",
                                                        "ADE", "B", "BD", "C"};
    return random_.percent(80) ? random_.one_of(common) : random_.one_of(esme_variant_words);
  }

  DeviceModel release(Product& product) {
    DeviceModel model;
    // The list grows evenly up to the day before today.
    const std::uint64_t start = today_.value - history_days * millis_per_day;
    const std::uint64_t span = (history_days - 1) * millis_per_day;
    const std::uint64_t received = start + span / count_ * made_ + random_.below(span / count_);
    model.received_at = {received / 1000 * 1000};
    model.cpl_entry_id = "CPL-" + decimal(made_ + 1, 6);
    identity(product, model);
    specification(product, model);
    certificates(product, model);
    origin(product, model);
    if (product.newest) model.predecessors.push_back(*product.newest);
    if (product.before_newest && random_.percent(30)) {
      model.predecessors.push_back(*product.before_newest);
    }
    product.before_newest = std::exchange(product.newest, model.id());
    product.firmware.step(random_);
    --product.releases_left;
    return model;
  }

  void identity(const Product& product, DeviceModel& model) {
    model.generation = generation_words[product.smets1 ? 0 : 1];
    model.device_type = product.type;
    model.manufacturer_id = hex(manufacturers[product.manufacturer].code, 4);
    model.manufacturer_name = manufacturers[product.manufacturer].name;
    model.model_id = hex(product.model, 4);
    model.hardware_version = hex(product.hardware, 4);
    model.firmware_version = product.firmware.digits(product.encoding);
    if (product.encoding != Encoding::unknown) {
      model.firmware_version_printed = product.firmware.printed();
    }
    model.firmware_encoding = firmware_encoding_words[static_cast<std::size_t>(product.encoding)];
  }

  void specification(const Product& product, DeviceModel& model) {
    const sample::Era& era = eras[product.era];
    const bool meter = product.type == DeviceType::esme || product.type == DeviceType::gsme;
    model.ts_name = meter ? "SMETS" : word_of(product.type);
    if (!meter) model.ts_name += "TS";
    switch (product.type) {
      case DeviceType::esme:
      case DeviceType::gsme:
        model.ts_version = product.smets1 ? "V1.2" : era.smets;
        break;
      case DeviceType::ch:
        model.ts_version = era.chts;
        break;
      case DeviceType::ppmid:
        model.ts_version = era.ppmidts;
        break;
      case DeviceType::hcalcs:
        model.ts_version = era.hcalcsts;
        break;
      case DeviceType::sapc:
        model.ts_version = era.sapcts;
        break;
    }
    if (!product.smets1) model.gbcs_version = era.gbcs;
    if (product.type == DeviceType::esme) model.esme_variant = product.variant;
    if (product.type == DeviceType::ch) model.han_variant = product.variant;
    model.image_hash = random_hash(random_);
    model.image_creator = model.manufacturer_name + ", EUI-64 90-B3-D5-1F-" +
                          model.manufacturer_id.substr(0, 2) + "-" +
                          model.manufacturer_id.substr(2) + "-00-01";
  }

  Date day_before(UnixMillis time, std::uint64_t days) {
    return Date::of({time.value - days * millis_per_day});
  }

  void certificates(Product& product, DeviceModel& model) {
    const bool has_cpa = product.type != DeviceType::ppmid;
    // A change of firmware does not always need a new certificate; then evidence maps the two.
    if (product.zigbee && random_.percent(30)) {
      model.zigbee = product.zigbee;
      model.zigbee->match = CertificateMatch::mapped_by_evidence;
      model.evidence.push_back({random_hash(random_), false});
    } else {
      model.zigbee = Certificate{
          "ZIG" + decimal(random_.below(100'000'000), 8) + "ZAB", product.firmware.printed(),
          day_before(model.received_at, random_.between(10, 150)), CertificateMatch::exact};
      if (!product.zigbee) product.zigbee = model.zigbee;
    }
    if (product.type == DeviceType::esme) {
      model.dlms = Certificate{"DLMS-" + decimal(random_.below(100'000), 5), std::nullopt,
                               day_before(model.received_at, random_.between(10, 300)),
                               CertificateMatch::exact};
    }
    if (has_cpa) cpa(model);
  }

  void cpa(DeviceModel& model) {
    const Date latest_issue = day_before(model.received_at, 30);
    const bool lifetime = random_.percent(20);
    const std::uint64_t share = random_.below(100);
    CpaCertificate certificate{
        "CPA-" + decimal(random_.below(1'000'000), 6),
        model.firmware_version_printed,
        "1." + std::to_string(random_.between(2, 4)),
        day_before(model.received_at, random_.between(30, 120)),
        lifetime ? CpaCertificate::Kind::lifetime : CpaCertificate::Kind::dated,
        latest_issue,
        CertificateMatch::exact};
    certificate.end_date = certificate.issue_date.plus_years(cpa_years);
    // Some are due within 6 and within 12 months, which is when the list must warn.
    if (share < 10) {
      const std::uint64_t days = share < 5 ? random_.between(7, 170) : random_.between(190, 360);
      certificate.end_date = Date::of({today_.value + days * millis_per_day});
      const Date earliest_issue = certificate.end_date.plus_years(-cpa_years);
      certificate.issue_date = std::min(
          std::max(day_before(model.received_at, random_.between(30, 900)), earliest_issue),
          latest_issue);
    }
    model.cpa = std::move(certificate);
  }

  void origin(const Product& product, DeviceModel& model) {
    const bool by_dcc = product.smets1 || product.type == DeviceType::ch;
    model.associating_party = by_dcc ? "DCC" : random_.one_of(suppliers);
    model.submitted_by = by_dcc ? "DCC" : model.manufacturer_name;
    model.fir_contact = "Firmware desk, " + model.manufacturer_name;
    model.fir_release_date = day_before(model.received_at, random_.between(5, 60));
    if (product.newest) {
      model.fir_notes =
          "Replaces " + std::string(product.newest->firmware_version()) + "; install over the air.";
    }
    if (product.smets1) {
      model.s1_combination_refs.push_back("EPCL-" + decimal(random_.below(10'000), 4));
    }
    if (random_.percent(2)) model.remarks = "Values compared with the firmware file's header.";
  }

  const std::size_t count_;
  Random random_;
  const UnixMillis today_;
  std::vector<Product> open_;
  std::array<std::vector<std::size_t>, device_type_words.size()> makers_of_;
  std::array<Numbering, manufacturers.size()> numbering_{};
  std::size_t made_ = 0;
};

SampleList::SampleList(std::size_t count, std::uint64_t seed, const Date& today)
    : maker_(std::make_unique<Maker>(count, seed, today)) {}
SampleList::~SampleList() = default;

std::optional<DeviceModel> SampleList::next() { return maker_->next(); }

std::vector<DeviceModel> sample_models(std::size_t count, std::uint64_t seed, const Date& today) {
  SampleList list(count, seed, today);
  std::vector<DeviceModel> models;
  models.reserve(count);
  while (auto model = list.next()) models.push_back(*std::move(model));
  return models;
}

}  // namespace cpl
