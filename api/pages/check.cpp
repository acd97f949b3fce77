// Anybody with a file: the verifier, which is a page by itself, or what to do without it.
#include "api/html/verifier.hpp"
#include "api/pages/shared.hpp"

namespace cpl {
namespace {

// Where the programs were built without the verifier.
Page explanation() {
  Page page{.title = "Check a file", .main = {}, .section = Section::check};
  page.main.markup(
      "<h1>Check a file</h1>\n<p class=\"lead\">Whether a removal, a notice or a whole list is "
      "genuine is judged on your own computer, without trusting this site.</p>\n"
      "<p>You need the program <code>cpl</code> and a policy file: it says whose signatures you "
      "believe. Get the policy from the Code Administrator by another way than this site, or the "
      "site would vouch for itself.</p>\n<dl class=\"facts\">"
      "<dt>A removal, a notice, a decision</dt><dd>Download the evidence from its page, then "
      "<code>cpl verify FILE --policy policy.txt</code></dd>\n"
      "<dt>A version of the list</dt><dd><code>cpl extract verify FILE --policy "
      "policy.txt</code></dd>\n"
      "<dt>The whole registry</dt><dd><code>cpl audit</code> replays every entry and checks every "
      "signature.</dd></dl>\n<p>The answer is VALID, VALID provisional (final minutes are "
      "awaited), "
      "VALID stale (it was so, and what you hold is old) or INVALID, with the check that "
      "failed.</p>\n");
  return page;
}

}  // namespace

Result<Page> check_page(const PageRequest&, const PageSource&) {
  const std::string_view octets = verifier();
  if (octets.empty()) return explanation();
  Page page{.title = "Check a file", .main = {}, .section = Section::check};
  // The page brings its own along; that nobody puts it into a frame only a field can say.
  page.whole = WholePage{octets, verifier_content_policy() + "; frame-ancestors 'none'"};
  return page;
}

}  // namespace cpl
