// Requests that are sent twice, named by a library's structured fields; and curl, which keeps what it
// was given and asks whether that is still so.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseItem, serializeString } from 'structured-headers';

const wish = { url: 'http://127.0.0.1:9/hooks', filter: { types: ['entry.removed.v1'] } };

// What an answer is, but for what every answer has anew.
async function whole(response) {
  const names = ['content-type', 'cache-control', 'etag', 'location'];
  return {
    status: response.status,
    headers: names.map((name) => response.headers.get(name)),
    replayed: response.headers.get('idempotency-replayed'),
    body: await response.text(),
  };
}

async function refused(response, status, code) {
  assert.equal(response.status, status);
  assert.match(response.headers.get('content-type'), /^application\/problem\+json/);
  assert.equal((await response.json()).code, code);
}

export async function idempotency(registry) {
  const create = async (key, body = wish) => registry.request(
    '', 'POST', body, { 'idempotency-key': key });
  const owned = async () => (await (await registry.request('', 'GET')).json()).subscriptions.length;
  const before = await owned();
  const word = `${randomUUID()} "quoted" \\`;
  const quoted = serializeString(word);
  assert.equal(parseItem(quoted)[0], word);
  const first = await whole(await create(quoted));
  assert.equal(first.status, 201);
  assert.equal(first.replayed, null);
  const again = await whole(await create(quoted));
  assert.equal(again.replayed, 'true');
  assert.deepEqual({ ...again, replayed: null }, first);
  // The bare form, which the library does not take for an item, is the same key.
  const uuid = `8${randomUUID().slice(1)}`;
  assert.throws(() => parseItem(uuid));
  const bare = await whole(await create(uuid));
  assert.deepEqual({ ...await whole(await create(serializeString(uuid))), replayed: null }, bare);
  assert.equal(await owned(), before + 2);
  await refused(await create(quoted, { ...wish, from: 0 }), 422, 'idempotency-key-reused');
  await refused(await create(undefined), 400, 'idempotency-key-missing');
  let malformed = 0;
  for (const value of ['"', '""', '"a', 'a b', '"a\\b"', 'a,b', '"a", "b"', '"a"b', 'x'.repeat(256)]) {
    await refused(await create(value), 400, 'idempotency-key-malformed');
    ++malformed;
  }
  // Many at once under one key: one is made, whoever comes first; the others wait or are told the same.
  const key = serializeString(randomUUID());
  const answers = await Promise.all(Array.from({ length: 20 }, async () => whole(await create(key))));
  const made = answers.filter(({ status }) => status === 201);
  assert(made.length >= 1);
  assert.equal(made.filter(({ replayed }) => replayed === null).length, 1);
  assert.equal(new Set(made.map(({ body }) => body)).size, 1);
  const waiting = answers.filter(({ status }) => status !== 201);
  for (const { status, body } of waiting) {
    assert.equal(status, 409);
    assert.equal(JSON.parse(body).code, 'request-in-progress');
  }
  assert.equal(await owned(), before + 3);
  for (const { body } of [first, bare, made[0]]) {
    const { id } = JSON.parse(body);
    assert.equal((await registry.request(`/${id}`, 'DELETE')).status, 204);
  }
  return `structured-headers: a key that it wrote gives one effect and one answer, as its bare form; ` +
         `${malformed} malformed keys refused; of 20 at once 1 made it, ${made.length - 1} were ` +
         `told the same, ${waiting.length} told to wait`;
}

export async function conditional(registry) {
  const etag = join(registry.folder, 'etag');
  const body = join(registry.folder, 'body');
  const curl = (url, more = []) => {
    rmSync(body, { force: true });
    const said = execFileSync('curl', ['-sS', '--etag-save', etag, '--etag-compare', etag, '-o', body,
                                       '-w', '%{http_code} %{size_download}', ...more, url],
                              { encoding: 'utf8' });
    return said.split(' ').map(Number);
  };
  const { models } = await (await registry.get('/v1/models?limit=1')).json();
  const paths = [`/v1/models/${models[0].id}`, '/tile/0/000.p/9', '/tile/entries/000.p/9',
                 '/v1/models?limit=20', '/v1/changes?limit=20', '/v1/notices', '/v1/extract.csv',
                 '/v1/feed.atom'];
  for (const path of paths) {
    for (const coding of [[], ['-H', 'Accept-Encoding: gzip']]) {
      rmSync(etag, { force: true });
      const [status, size] = curl(registry.server + path, coding);
      assert.equal(status, 200, path);
      assert(size > 0, path);
      const tag = readFileSync(etag, 'utf8').trim();
      assert.match(tag, /^"[!#-~]+"$/, path);
      assert.deepEqual(curl(registry.server + path, coding), [304, 0], path);
    }
  }
  // Another's tag is no reason to keep silent.
  const [status] = curl(registry.server + paths[0]);
  assert.equal(status, 200);
  return `curl: ${paths.length} kinds of answers, plain and packed, are 304 without a body to who ` +
         'holds them';
}

// Two programs that change what they both saw.
export async function preconditions(registry) {
  const { id } = await registry.post('', wish);
  const path = `/${id}`;
  const tag = (await registry.request(path, 'GET')).headers.get('etag');
  const patch = (headers) => registry.request(path, 'PATCH', { filter: {} }, headers);
  await refused(await patch({ 'if-match': undefined }), 428, 'precondition-required');
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => patch({ 'if-match': tag })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(7).fill(412)]);
  await refused(await patch({ 'if-match': `W/${tag}` }), 412, 'precondition-failed');
  await refused(await registry.request(path, 'DELETE', undefined, { 'if-match': tag }), 412,
                'precondition-failed');
  registry.cpl('subscribe', 'change', id, '--event-type', 'entry.added.v1');
  registry.cpl('subscribe', 'remove', id);
  return 'preconditions: of 8 changes at once to what all saw 1 is made; cpl sends the tag it read';
}
