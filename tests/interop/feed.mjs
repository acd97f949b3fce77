// Three feed readers walk from the feed through its archives to entry 0.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { parseFeed } from '@rowanmanning/feed-parser';
import FeedParser from 'feedparser';
import RssParser from 'rss-parser';

const links = (list, rel) => list.find((link) => link.rel === rel)?.href;

// Each reads one document: the entries as it sees them, and the link to the archive before.
const readers = {
  async feedparser(xml) {
    const parser = new FeedParser({ normalize: true });
    const entries = [];
    const done = new Promise((resolve, reject) => {
      parser.on('error', reject);
      parser.on('readable', () => {
        for (let item = parser.read(); item; item = parser.read()) {
          entries.push({ id: item.guid, title: item.title, content: item.description });
        }
      });
      parser.on('end', resolve);
    });
    Readable.from([xml]).pipe(parser);
    await done;
    const found = [parser.meta['atom:link']].flat().map((link) => link['@']);
    return { entries, previous: links(found, 'prev-archive') };
  },
  async 'rss-parser'(xml) {
    const parser = new RssParser({
      customFields: { feed: [['link', 'links', { keepArray: true }]] },
    });
    const feed = await parser.parseString(xml);
    const found = (feed.links ?? []).map((link) => link.$);
    return {
      entries: feed.items.map(({ id, title, content }) => ({ id, title, content })),
      previous: links(found, 'prev-archive'),
    };
  },
  // It tells nothing of archives: it is given the documents that another has found.
  async '@rowanmanning/feed-parser'(xml) {
    const feed = parseFeed(xml);
    return {
      entries: feed.items.map((item) => (
        { id: item.id, title: item.title, content: item.content })),
      previous: (await readers.feedparser(xml)).previous,
    };
  },
};

async function walk(registry, read, query) {
  const entries = new Map();
  let documents = 0;
  for (let path = `/v1/feed.atom${query}`; path;) {
    const response = await registry.get(path);
    const { entries: found, previous } = await read(await response.text());
    for (const entry of found) entries.set(entry.id, entry);
    documents += 1;
    path = previous && previous.replace('https://cpl.example', '');
  }
  return { documents, entries: [...entries.values()].reverse() };  // The newest was the first.
}

export async function feed(registry) {
  const events = await registry.events();
  const lines = [];
  for (const [name, read] of Object.entries(readers)) {
    const { documents, entries } = await walk(registry, read, '');
    assert.equal(entries.length, events.length, `${name} sees every event`);
    entries.forEach((entry, i) => {
      assert(entry.id.endsWith(`/${events[i].id}`), `${name}: ${entry.id}`);
      assert.equal(entry.title, events[i].data.summary);
      const content = JSON.parse(entry.content);
      assert.equal(content.id, events[i].id);
      assert.equal(content.data.leaf, events[i].data.leaf);
    });
    const removals = await walk(registry, read, '?types=entry.removed.v1');
    assert.equal(removals.entries.length, 1);
    lines.push(`${name}: ${entries.length} entries in ${documents} documents, back to entry 0`);
  }
  return lines.join('\n');
}
