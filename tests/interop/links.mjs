// The pages of what changed, by their Link fields alone (RFC 8288).
import assert from 'node:assert/strict';
import LinkHeader from 'http-link-header';

export async function links(registry) {
  const ids = [];
  let pages = 0;
  // The last page links to where the next event will be, and says that it is the last for now.
  for (let path = '/v1/changes?limit=7', done = false; !done; pages += 1) {
    const response = await registry.get(path);
    const page = await response.json();
    ids.push(...page.events.map((event) => event.id));
    done = page.done;
    const [next] = LinkHeader.parse(response.headers.get('link')).rel('next');
    path = next.uri;
    assert(pages < 1000, 'the pages never end');
  }
  assert.deepEqual(ids, (await registry.events()).map((event) => event.id));
  assert(pages > 2, 'there is but one page');
  return `http-link-header: ${pages} pages, each named by the one before, hold every event once`;
}
