#include "api/http/sent_form.hpp"

#include "api/http/form.hpp"
#include "crypto/plain_text.hpp"

namespace cpl {
namespace {

constexpr std::size_t parts_max = 64;
constexpr std::size_t part_head_octets_max = 2048;
constexpr std::size_t boundary_octets_max = 70;  // RFC 2046, 5.1.1.
constexpr std::size_t field_octets_max = std::size_t{256} * 1024;
constexpr std::string_view multipart_type = "multipart/form-data";
constexpr std::string_view disposition_name = "content-disposition:";

Error no_such_form(std::string detail) { return malformed("form-malformed", std::move(detail)); }

bool begins_with_word(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  return std::equal(word.begin(), word.end(), text.begin(), [](char lower, char any) {
    return lower == (any >= 'A' && any <= 'Z' ? static_cast<char>(any - 'A' + 'a') : any);
  });
}

// Takes `prefix` off the text, if it begins with it.
bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Up to the quotation mark, which a browser writes as %22 where it is a part of a name.
std::optional<std::string_view> take_quoted(std::string_view& text) {
  const auto end = text.find('"');
  if (end == text.npos) return std::nullopt;
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end + 1);
  return word;
}

std::optional<std::string_view> boundary_of(std::string_view content_type) {
  std::string_view rest = content_type.substr(multipart_type.size());
  if (!take_prefix(rest, ";")) return std::nullopt;
  take_prefix(rest, " ");
  if (!take_prefix(rest, "boundary=")) return std::nullopt;
  if (take_prefix(rest, "\"")) {
    const auto quoted = take_quoted(rest);
    if (!quoted || !rest.empty()) return std::nullopt;
    rest = *quoted;
  }
  const bool is_plain = rest.find_first_of(" \t\";,") == rest.npos;
  if (rest.empty() || rest.size() > boundary_octets_max || !is_plain) return std::nullopt;
  return rest;
}

struct PartName {
  std::string_view field;
  std::optional<std::string_view> file;
};

// Of `form-data; name="…"`, with `; filename="…"` for a file: as all browsers write it.
std::optional<PartName> name_of_part(std::string_view head) {
  while (!head.empty()) {
    const auto end = std::min(head.find("\r\n"), head.size());
    std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    if (!begins_with_word(line, disposition_name)) continue;
    line.remove_prefix(disposition_name.size());
    take_prefix(line, " ");
    if (!take_prefix(line, "form-data; name=\"")) return std::nullopt;
    const auto field = take_quoted(line);
    if (!field) return std::nullopt;
    if (line.empty()) return PartName{*field, {}};
    if (!take_prefix(line, "; filename=\"")) return std::nullopt;
    const auto file = take_quoted(line);
    if (!file || !line.empty()) return std::nullopt;
    return PartName{*field, file};
  }
  return std::nullopt;
}

Result<void> add_file(const PartName& name, BytesView content, SentForm& form) {
  if (name.file->empty() && content.empty()) return {};  // None was chosen.
  if (form.file(name.field) != nullptr) {
    return no_such_form("The form has two files in one field.");
  }
  form.files.push_back({std::string(name.field), std::string(*name.file), Bytes(content)});
  return {};
}

Result<void> add_field(const PartName& name, BytesView content, SentForm& form) {
  if (content.size() > field_octets_max) {
    return Error{Errc::too_large, "form-too-large",
                 "A field of the form holds more than 256 kB: send it as a file."};
  }
  if (!is_plain_text(content, "\r\n\t") || !is_plain_text(name.field)) {
    return no_such_form("A field of the form holds characters that nobody can see.");
  }
  for (const auto& [known, ignored] : form.fields) {
    if (known == name.field) return no_such_form("A field of the form stands there twice.");
  }
  form.fields.emplace_back(name.field, content);
  return {};
}

Result<void> add_part(std::string_view head, BytesView content, SentForm& form) {
  const auto name = name_of_part(head);
  if (!name) return no_such_form("A part of the form does not say which field it is.");
  if (form.fields.size() + form.files.size() >= parts_max) {
    return no_such_form("The form has more than 64 fields.");
  }
  return name->file ? add_file(*name, content, form) : add_field(*name, content, form);
}

Result<SentForm> parse_parts(BytesView body, std::string_view boundary) {
  const Error broken = no_such_form("The form is cut off, or is not as browsers send one.");
  const std::string mark = "\r\n--" + std::string(boundary);
  SentForm form;
  if (!take_prefix(body, std::string_view(mark).substr(2))) return broken;
  while (body != "--" && body != "--\r\n") {
    if (!take_prefix(body, "\r\n")) return broken;
    const auto head_end = body.substr(0, part_head_octets_max).find("\r\n\r\n");
    if (head_end == body.npos) return broken;
    const std::string_view head = body.substr(0, head_end);
    body.remove_prefix(head_end + 4);
    const auto end = body.find(mark);
    if (end == body.npos) return broken;
    TRY_VOID(add_part(head, body.substr(0, end), form));
    body.remove_prefix(end + mark.size());
  }
  return form;
}

}  // namespace

std::string_view SentForm::field(std::string_view name) const {
  for (const auto& [known, value] : fields) {
    if (known == name) return value;
  }
  return {};
}

const SentFile* SentForm::file(std::string_view field) const {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const SentFile& file) { return file.field == field; });
  return found == files.end() ? nullptr : &*found;
}

Result<SentForm> parse_sent_form(const HttpRequest& request) {
  const std::string_view type = request.headers.find("content-type").value_or("");
  if (!begins_with_word(type, multipart_type)) return SentForm{TRY(parse_form(request.body)), {}};
  const auto boundary = boundary_of(type);
  if (!boundary) return no_such_form("The form does not say where its parts end.");
  return parse_parts(request.body, *boundary);
}

}  // namespace cpl
