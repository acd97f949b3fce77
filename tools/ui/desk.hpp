// The Service Desk's pages: what is due, whether it is genuine, and its receipts. All of it is
// judged on this machine; what is signed is what the page showed, and is confirmed outside the
// browser.
#pragma once

#include <map>

#include "api/html/page.hpp"
#include "crypto/mutex.hpp"
#include "tools/cpl/asked_evidence.hpp"
#include "tools/cpl/desk_receipt.hpp"
#include "tools/ui/workplace.hpp"

namespace cpl {

class UiDesk {
 public:
  explicit UiDesk(const Workplace& work) : work_(work) {}  // It outlives this.

  Result<Page> inbox() const;
  // "Check before you sign": makes the statement, and keeps it until it is sent or too old. `given`
  // are the code and the reason of a rejection.
  Result<Page> prepare(const std::string& notice, ReceiptStatus status,
                       const HttpParameters& given);
  // Signs what `prepare` showed under that number, and sends it.
  Result<Page> send(const std::string& notice, ReceiptStatus status, const std::string& number);

 private:
  struct Prepared {
    std::string notice;
    ReceiptStatus status{};
    const PersonSigner* signer = nullptr;
    Bytes text;
    UnixMillis made;
  };

  void write_card(HtmlWriter& html, const Json& notice) const;
  Result<void> write_statement(HtmlWriter& html, const std::string& notice, ReceiptStatus status,
                               const Evidence& evidence, const HttpParameters& given);
  Result<Receipt> receipt_of(const Evidence& evidence, ReceiptStatus status,
                             const HttpParameters& given) const;
  Result<Prepared> taken(const std::string& number);
  std::string kept(Prepared prepared);

  Result<JudgedEvidence> judged(const std::string& notice) const;
  Result<const PersonSigner*> signer(const Evidence& evidence) const;

  const Workplace& work_;
  Mutex mutex_;
  std::map<std::string, Prepared> prepared_ GUARDED_BY(mutex_);
};

// "/notices/1504/receipt/validated"
Href receipt_path(const std::string& notice, ReceiptStatus status);
std::optional<ReceiptStatus> receipt_status_of(std::string_view word);

}  // namespace cpl
