// The feed as Debian's programs see it: python3-feedparser walks it through its archives, and jing
// holds each document against our grammar of it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Skipped } from './registry.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const python = '/usr/bin/python3';  // Debian's own, which knows its packages.
const feedparser = '/usr/lib/python3/dist-packages/feedparser';
const jing = '/usr/bin/jing';
const publicUrl = 'https://cpl.example';

// What RFC 4287 or RFC 5005 forbids, or what a reader of ours relies on.
const spoilt = {
  'no id': [/<id>[^<]*<\/id>/, ''],
  'two ids': [/<id>[^<]*<\/id>/, '$&$&'],
  'no title': [/<title [^<]*<\/title>/, ''],
  'no time': [/<updated>[^<]*<\/updated>/, ''],
  'a time without a zone': [/Z<\/updated>/, '</updated>'],
  'a day only': [/T[^<]*<\/updated>/, '</updated>'],
  'no author': [/<author>.*?<\/author>/, ''],
  'an author without a name': [/<name>.*?<\/name>/, ''],
  'markup in a text': [/<title type="text">/, '$&<b/>'],
  'a text of no known kind': [/<title type="text">/, '<title type="markdown">'],
  'no link to itself': [/<link rel="self"[^>]*>/, ''],
  'a link to nowhere': [/ href="[^"]*"/, ''],
  'an entry without an id': [/(<entry>)<id>[^<]*<\/id>/, '$1'],
  'an entry without a time': [/(<entry>.*?)<updated>[^<]*<\/updated>/, '$1'],
  'an entry without content': [/<content .*?<\/content>/, ''],
  'another namespace': [/http:\/\/www\.w3\.org\/2005\/Atom/, 'http://purl.org/atom/ns#'],
  'an archive that does not say so': [/<fh:archive\/>/, ''],
  'an archive that is of nothing': [/<link rel="current"[^>]*>/, ''],
};

function walk(registry) {
  const lines = execFileSync(python, ['-B', join(here, 'walk_feed.py'), registry.server, publicUrl],
                             { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return lines.trimEnd().split('\n').map((line) => JSON.parse(line));
}

// Every event, newest first, and once for each document that holds it.
function checkWalk(documents, events) {
  const found = new Map();
  for (const document of documents) {
    const { url, entries, again, malformed, version, status } = document;
    assert.deepEqual([malformed, version, status], [null, 'atom10', 200], url);
    assert.deepEqual(again, { status: 304, entries: 0 }, url);
    const numbers = entries.map(({ id }) => Number(id.split('-').pop()));
    assert.deepEqual(numbers, numbers.toSorted((a, b) => b - a), url);
    for (const entry of entries) {
      assert.deepEqual(found.get(entry.id) ?? entry, entry);
      found.set(entry.id, entry);
    }
  }
  const entries = [...found.values()].reverse();
  assert.equal(entries.length, events.length);
  for (const [at, event] of events.entries()) {
    const { id, title, updated: [year, month, ...rest], term, alternate, content } = entries[at];
    assert(id.endsWith(`/${event.id}`), id);
    assert.equal(title, event.data.summary);
    assert.equal(term, event.type);
    assert.deepEqual(alternate, [`${publicUrl}/v1/entries/${Number(event.sequence)}`]);
    assert.equal(Date.UTC(year, month - 1, ...rest.slice(0, 4)), Date.parse(event.time));
    assert.equal(JSON.parse(content).data.leaf, event.data.leaf);
  }
  return found.size;
}

// Which of the files are not as the grammar says.
function invalid(files) {
  const { status, stdout, stderr } = spawnSync(jing, ['-c', join(here, 'feed.rnc'), ...files],
                                               { encoding: 'utf8' });
  const wrong = files.filter((file) => stdout.includes(`${file}:`));
  assert.equal(status, wrong.length > 0 ? 1 : 0, `${stdout}${stderr}`.slice(0, 2000));
  return wrong;
}

async function checkGrammar(registry, documents) {
  const folder = mkdtempSync(join(registry.folder, 'atom-'));
  const write = (name, text) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.atom`);
    writeFileSync(file, text);
    return file;
  };
  const good = [];
  let archive;
  for (const [at, { url }] of documents.entries()) {
    archive = await (await registry.get(url.replace(registry.server, ''))).text();
    good.push(write(`document-${at}`, archive));
  }
  assert.deepEqual(invalid(good), []);
  const bad = Object.entries(spoilt).map(([what, [from, to]]) => {
    assert.match(archive, from, what);
    return write(what, archive.replace(from, to));
  });
  assert.deepEqual(invalid(bad), bad);
  return { good: good.length, bad: bad.length };
}

export async function atom(registry) {
  for (const needed of [feedparser, jing]) {
    if (!existsSync(needed)) throw new Skipped(`${needed} is not installed: tools/setup interop`);
  }
  const documents = walk(registry);
  const entries = checkWalk(documents, await registry.events());
  const { good, bad } = await checkGrammar(registry, documents);
  return `python3-feedparser: ${entries} entries in ${documents.length} documents, back to entry ` +
         `0, each document 304 when it is known\njing: ${good} documents are as our grammar of ` +
         `RFC 4287 and RFC 5005 says, ${bad} that are spoilt are not`;
}
