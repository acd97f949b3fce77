#include "registry/query/similar_models.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::string_view digits = "0123456789ABCDEF";

class SimilarFinder {
 public:
  SimilarFinder(const StoredList& list, const ModelId& id, std::size_t count_max)
      : list_(list), id_(id), count_max_(count_max) {}

  Result<std::vector<SimilarModel>> run() {
    TRY_VOID(try_digits());
    if (const auto record = TRY(list_.model(id_))) TRY_VOID(try_facts(record->model));
    return std::move(found_);
  }

 private:
  Result<void> try_digits() {
    const std::string& text = id_.text();
    for (std::size_t at = text.find('-') + 1; at < text.size(); ++at) {
      if (text[at] == '-') continue;
      std::string other = text;
      for (const char digit : digits) {
        other[at] = digit;
        TRY_VOID(consider(other, Likeness::one_digit));
      }
      if (at + 1 == text.size() || text[at + 1] == '-') continue;
      other = text;
      std::swap(other[at], other[at + 1]);
      TRY_VOID(consider(other, Likeness::digits_swapped));
    }
    return {};
  }

  Result<void> try_facts(const DeviceModel& model) {
    for (const auto& certificate : {model.zigbee, model.dlms}) {
      if (certificate) {
        TRY_VOID(try_fact(ModelFact::certificate, certificate->number, Likeness::same_certificate));
      }
    }
    if (model.cpa) {
      TRY_VOID(try_fact(ModelFact::certificate, model.cpa->number, Likeness::same_certificate));
    }
    if (!model.image_hash) return {};
    return try_fact(ModelFact::image_hash, to_hex(model.image_hash->view()), Likeness::same_image);
  }

  Result<void> try_fact(ModelFact fact, const std::string& text, Likeness why) {
    for (const std::string& other : TRY(list_.index().with(fact, text, count_max_ + 1))) {
      TRY_VOID(consider(other, why));
    }
    return {};
  }

  Result<void> consider(const std::string& other, Likeness why) {
    const auto id = ModelId::parse(other);
    if (!id || *id == id_) return {};
    const auto known = std::find_if(found_.begin(), found_.end(), [&](const SimilarModel& one) {
      return one.record.model.id() == *id;
    });
    if (known != found_.end()) {
      if (known->why.back() != why) known->why.push_back(why);
      return {};
    }
    if (found_.size() == count_max_) return {};
    if (auto record = TRY(list_.model(*id))) found_.push_back({*std::move(record), {why}});
    return {};
  }

  const StoredList& list_;
  const ModelId& id_;
  const std::size_t count_max_;
  std::vector<SimilarModel> found_;
};

}  // namespace

Result<std::vector<SimilarModel>> similar_models(const StoredList& list, const ModelId& id,
                                                 std::size_t count_max) {
  return SimilarFinder(list, id, count_max).run();
}

}  // namespace cpl
