#include "api/feed/atom.hpp"

#include <pugixml.hpp>

#include "crypto/plain_text.hpp"

namespace cpl {
namespace {

class StringWriter final : public pugi::xml_writer {
 public:
  void write(const void* data, std::size_t size) override {
    text_.append(static_cast<const char*>(data), size);
  }
  Bytes take() { return std::move(text_); }

 private:
  Bytes text_;
};

// What no XML 1.0 document may hold, controls and U+FFFE for example, is among what is not seen.
std::string legal(const std::string& text) { return shown(text, "\t\n"); }

pugi::xml_node add(pugi::xml_node parent, const char* name, const std::string& text) {
  pugi::xml_node node = parent.append_child(name);
  node.text().set(legal(text).c_str());
  return node;
}

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(legal(value).c_str());
}

void add_text(pugi::xml_node parent, const char* name, const std::string& text) {
  set(add(parent, name, text), "type", "text");
}

void add_link(pugi::xml_node parent, const AtomLink& link) {
  pugi::xml_node node = parent.append_child("link");
  set(node, "rel", link.rel);
  set(node, "type", link.type);
  if (!link.title.empty()) set(node, "title", link.title);
  set(node, "href", link.href);
}

void add_entry(pugi::xml_node parent, const AtomFeed& feed, const AtomEntry& entry) {
  pugi::xml_node node = parent.append_child("entry");
  add(node, "id", entry.id);
  add_text(node, "title", entry.title);
  add(node, "updated", format_time(entry.time));
  add(node, "published", format_time(entry.time));
  pugi::xml_node category = node.append_child("category");
  set(category, "term", entry.category);
  set(category, "scheme", feed.category_scheme);
  for (const AtomLink& link : entry.links) add_link(node, link);
  // JSON under a type of its own would have to be base64 (RFC 4287, 4.1.3.3); as text it is read as
  // it stands.
  add_text(node, "content", entry.content);
  if (!entry.sequence.empty()) add(node, "cpl:sequence", entry.sequence);
}

}  // namespace

Bytes to_xml(const AtomFeed& feed) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "utf-8");
  pugi::xml_node root = document.append_child("feed");
  set(root, "xmlns", "http://www.w3.org/2005/Atom");
  set(root, "xmlns:fh", "http://purl.org/syndication/history/1.0");
  set(root, "xmlns:cpl", feed.extension_namespace);
  add(root, "id", feed.id);
  add_text(root, "title", feed.title);
  add(root, "updated", format_time(feed.updated));
  add(root.append_child("author"), "name", feed.author);
  if (feed.archive) root.append_child("fh:archive");
  for (const AtomLink& link : feed.links) add_link(root, link);
  for (const AtomEntry& entry : feed.entries) add_entry(root, feed, entry);
  StringWriter writer;
  document.save(writer, "", pugi::format_raw, pugi::encoding_utf8);
  return writer.take();
}

}  // namespace cpl
