// A feed of changes as an Atom document (RFC 4287) with archives (RFC 5005, 4). Text of whatever
// kind goes in as text: the writer escapes it, and shows by its number what XML 1.0 cannot hold.
#pragma once

#include <string>
#include <vector>

#include "crypto/bytes.hpp"
#include "registry/base/time.hpp"

namespace cpl {

struct AtomLink {
  std::string rel;
  std::string type;
  std::string href;
  std::string title;  // Empty: none.
};

struct AtomEntry {
  std::string id;
  std::string title;
  UnixMillis time;
  std::string category;
  std::vector<AtomLink> links;
  Bytes content;         // The event as JSON.
  std::string sequence;  // Empty: it is of no entry.
};

struct AtomFeed {
  std::string id;
  std::string title;
  std::string author;
  UnixMillis updated;
  std::string extension_namespace;  // Of what Atom itself has no element for.
  std::string category_scheme;
  bool archive = false;  // A page that will not change.
  std::vector<AtomLink> links;
  std::vector<AtomEntry> entries;  // In the order of the document: newest first.
};

Bytes to_xml(const AtomFeed& feed);

}  // namespace cpl
