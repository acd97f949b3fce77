// The published extracts: kept by the service as files, each version in a folder of its own. To
// publish one takes no more than its signatures: the service makes the same extract from its own
// log, and the signatures must be of those very octets. So nothing but what the log gives can be
// published, and only by a registrar.
#pragma once

#include <filesystem>

#include "crypto/mutex.hpp"
#include "registry/extract/signature.hpp"
#include "registry/log/log_view.hpp"
#include "registry/shelf/extract_record.hpp"

namespace cpl {

struct ExtractPublication {
  std::uint64_t version = 1;
  std::optional<Hash> previous;
  TreeSize log_size;
  std::array<Bytes, 3> signatures;  // CMS, by form.
};
Bytes format_extract_publication(const ExtractPublication& publication);
Result<ExtractPublication> parse_extract_publication(BytesView text);

// By version, from 1. A version whose record is missing or damaged is an error: another must not
// pass for it.
using PublishedExtracts = std::vector<Result<PublishedExtract>>;

class ExtractShelf {
 public:
  // Makes the folder if it is not there.
  static Result<std::unique_ptr<ExtractShelf>> open(const std::filesystem::path& folder);

  std::shared_ptr<const PublishedExtracts> published() const;  // Any thread, as the next two.
  // A form, or the signature of one.
  Result<std::shared_ptr<const Bytes>> file(const PublishedExtract& extract, ExtractForm form,
                                            bool signature) const;

  struct Published {
    PublishedExtract extract;
    bool repeated = false;  // The same had been published before.
  };
  struct Examined {
    std::optional<PublishedExtract> before;  // The publication repeats this one.
    std::array<ExtractSignature, 3> signatures;
  };
  // Everything about a publication but whether its signatures are of what the log gives. Takes no
  // longer than three signatures do, and a stranger's is refused before one is checked. Any thread.
  Result<Examined> examine(const LogView& log, const ExtractPublication& publication,
                           UnixMillis now) const;

  // Takes as long as writing the whole list does; one at a time, others are told to come again.
  // None while a version before it is damaged.
  Result<Published> publish(const LogView& log, const ExtractPublication& publication,
                            UnixMillis now);

 private:
  explicit ExtractShelf(std::filesystem::path folder);

  std::filesystem::path folder_of(std::uint64_t version) const;
  Result<void> check_place(const LogView& log, const ExtractPublication& publication) const;
  Result<Published> publish_next(const LogView& log, const ExtractPublication& publication,
                                 const std::array<ExtractSignature, 3>& opened);

  const std::filesystem::path folder_;
  Mutex publishing_;
  mutable Mutex mutex_;
  std::shared_ptr<const PublishedExtracts> published_ GUARDED_BY(mutex_);
  // What is being sent now: those who ask for the same share it.
  mutable std::map<std::string, std::weak_ptr<const Bytes>> in_use_ GUARDED_BY(mutex_);
};

}  // namespace cpl
