// What is the same on every page: head, navigation, the strip that says which log it is from, the
// foot, and the headers that keep strangers' scripts and frames out.
#pragma once

#include "api/html/page.hpp"
#include "api/http/http.hpp"
#include "registry/base/time.hpp"

namespace cpl {

// A part of the site, as the navigation has it.
struct Place {
  Section section{};
  std::string_view path;
  std::string_view words;
};

// Pages that the reader's own machine serves: what it proved itself, and whose keys it holds.
struct OwnMachine {
  std::string signers;             // "panel-1 and registrar-2"; empty: no key was given.
  std::vector<Place> places = {};  // What is done there and nowhere else.
};

// The Party that is signed in.
struct SignedIn {
  std::string party;
  std::string sign_out_key;  // What the form must bring along; empty: a client certificate speaks.
};

// Of the registry, at the moment when a page is made.
struct SiteFacts {
  std::string name;               // "Example CPL registry"
  std::string origin;             // "cpl.example/log"
  std::string help_contact = {};  // Whom readers ask; may be empty.
  std::uint64_t size = 0;
  std::string cursor = {};                    // Of the last entry, as streams have it.
  std::optional<UnixMillis> last_entry = {};  // Absent where there is none.
  std::size_t cosignatures = 0;               // Under the published checkpoint.
  std::optional<UnixMillis> cosigned = {};    // The oldest of them.
  std::optional<Error> refusal = {};          // Why nothing new is taken, as strangers may know it.
  std::optional<OwnMachine> own_machine = {};
  std::optional<SignedIn> signed_in = {};
};

HttpResponse framed(const Page& page, const SiteFacts& site);

// A file in place of a page.
HttpResponse download_response(const Download& download);

}  // namespace cpl
