// The published extracts: the newest, each version, the list of them, and publishing one.
#include <nlohmann/json.hpp>

#include "api/http/client_address.hpp"
#include "api/http/conditional.hpp"
#include "api/http/problem.hpp"
#include "api/routes/extracts.hpp"
#include "api/routes/not_ready.hpp"
#include "crypto/hash.hpp"
#include "registry/query/evidence_builder.hpp"
#include "registry/query/extract_builder.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t extracts_page_default = 100;
constexpr std::uint64_t extracts_page_max = 500;
constexpr std::array<std::string_view, 3> media_types = {
    "application/json", "text/csv; charset=utf-8",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};

Error no_such_extract() {
  return Error{Errc::not_found, "extract-not-found", "no such extract was published", 0};
}

// "7.csv.p7s": a stem, a form or "proof", and whether it is the signature.
struct Wanted {
  std::string stem;
  std::optional<ExtractForm> form;  // Absent: the proof.
  bool signature = false;
};

std::optional<Wanted> parse_name(std::string_view name) {
  constexpr std::string_view signature_end = ".p7s";
  Wanted wanted;
  wanted.signature = name.ends_with(signature_end);
  if (wanted.signature) name.remove_suffix(signature_end.size());
  const auto dot = name.find('.');
  if (dot == name.npos) return std::nullopt;
  wanted.stem = name.substr(0, dot);
  const std::string_view form = name.substr(dot + 1);
  if (form == "proof" && !wanted.signature) return wanted;
  const auto known = read_word<ExtractForm>(form);
  if (!known) return std::nullopt;
  wanted.form = *known;
  return wanted;
}

HttpResponse file_response(const HttpRequest& request, const PublishedFile& file) {
  const std::string tag = "\"" + to_hex(file.sha256) + "\"";
  HttpResponse response;
  response.headers = {{"ETag", tag}};
  if (holds(request, tag)) response.status = 304;
  return response;
}

// Under the published checkpoint: no other has the witnesses' lines that a policy may ask for.
Result<HttpResponse> extract_proof_response(const LogView& published,
                                            const PublishedExtract& extract) {
  const TreeSize size = extract.header.log_size;
  TRY_VOID(check_published(published, EntryIndex{size.value - 1}));
  return text_response(200, "application/json",
                       format_extract_proof(TRY(build_extract_proof(published, size))));
}

HttpResponse published_response(const ExtractShelf::Published& published) {
  HttpResponse response = json_response(published.repeated ? 200 : 201, to_json(published.extract));
  response.headers.emplace_back(
      "Location", "/v1/extracts/" + std::to_string(published.extract.header.version) + ".json");
  return response;
}

}  // namespace

Result<HttpResponse> ExtractRoutes::get(const Call& call) const {
  const auto wanted = parse_name(call.segment());
  if (!wanted || shelf_ == nullptr) return no_such_extract();
  const auto published = shelf_->published();
  const bool newest = call.request.segments.size() == 2;  // /v1/extract.csv
  const auto number = newest ? published->size() : from_decimal(wanted->stem).value_or(0);
  if (number == 0 || number > published->size()) return no_such_extract();
  const Result<PublishedExtract>& kept = (*published)[number - 1];
  if (!kept) return kept.error();
  const PublishedExtract& extract = *kept;
  const auto save_as = [number](const std::string& end) -> std::pair<std::string, std::string> {
    return {"Content-Disposition",
            "attachment; filename=\"cpl-extract-" + std::to_string(number) + end + "\""};
  };
  if (!wanted->form) {
    HttpResponse proof = TRY(extract_proof_response(call.published, extract));
    proof.headers.push_back(save_as(".proof"));
    call.caching = Caching::revalidate;
    return proof;
  }
  const auto at = static_cast<std::size_t>(*wanted->form);
  const PublishedFile& file = (wanted->signature ? extract.signatures : extract.forms)[at];
  HttpResponse response = file_response(call.request, file);
  if (response.status == 304) return response;
  response.body = TRY(shelf_->file(extract, *wanted->form, wanted->signature));
  response.headers.emplace_back("Content-Type", wanted->signature ? "application/pkcs7-signature"
                                                                  : std::string(media_types[at]));
  response.headers.push_back(
      save_as("." + to_string(*wanted->form) + (wanted->signature ? ".p7s" : "")));
  response.headers.emplace_back("Content-Digest", "sha-256=:" + to_base64(file.sha256) + ":");
  return response;
}

Result<HttpResponse> ExtractRoutes::list(const Call& call) const {
  const std::uint64_t limit =
      TRY(call.number("limit", extracts_page_default, 1, extracts_page_max));
  const std::uint64_t after = TRY(call.number("after", 0, 0, json_integer_max));
  Json extracts = Json::array();
  std::size_t count = 0;
  if (shelf_ != nullptr) {
    const auto published = shelf_->published();
    count = published->size();
    for (std::uint64_t i = after; i < count && extracts.size() < limit; ++i) {
      extracts.push_back(to_json(TRY((*published)[i])));
    }
  }
  const bool more = after + extracts.size() < count;
  return json_response(200, {{"extracts", extracts},
                             {"newest", count},
                             {"next", more ? Json(after + extracts.size()) : Json()}});
}

// On a thread of its own: writing a long list takes longer than a request may hold up others. Only
// who signed as a registrar gets that far.
void ExtractRoutes::publish(const HttpRequest& request, const Finish& finish) {
  if (shelf_ == nullptr) return finish(no_such_extract());
  if (!rate_.allow(address_group(request.peer), clock_.now())) {
    return finish(
        Error{Errc::overloaded, "rate-limited", "this address submits too much: wait a second", 0});
  }
  if (const auto refused = public_refusal(log_)) return finish(*refused);
  auto publication = parse_extract_publication(request.body);
  if (!publication) return finish(publication.error());
  const auto examined = shelf_->examine(*log_.view(), *publication, clock_.now());
  if (!examined) return finish(examined.error());
  if (examined->before) return finish(published_response({*examined->before, true}));
  const Lock lock(publisher_mutex_);
  if (publishing_) {
    return finish(Error{Errc::overloaded, "publication-under-way",
                        "another extract is being published: try again", 0});
  }
  if (publisher_.joinable()) publisher_.join();
  publishing_ = true;
  try {
    publisher_ =
        std::thread([this, next = *std::move(publication), finish] { write(next, finish); });
  } catch (const std::system_error& error) {
    publishing_ = false;
    finish(Error{Errc::unavailable, "thread-unavailable",
                 std::string("no thread can be had at present: ") + error.what()});
  }
}

void ExtractRoutes::write(const ExtractPublication& next, const Finish& finish) {
  const auto view = log_.view();
  const auto published = shelf_->publish(*view, next, clock_.now());
  publishing_ = false;
  if (!published) return finish(published.error());
  finish(published_response(*published));
}

void ExtractRoutes::wait() {
  const Lock lock(publisher_mutex_);
  if (publisher_.joinable()) publisher_.join();
}

}  // namespace cpl
