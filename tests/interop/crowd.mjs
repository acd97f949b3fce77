// Many at once who ask whether what they hold is still so, by autocannon: an answer for each, and
// none with a body.
import assert from 'node:assert/strict';
import autocannon from 'autocannon';

const amount = 2000;  // Of requests for each kind of answer, with and without a tag.
const connections = 50;

// The octets of the answers, all of which must have `status`, and a body where one is due.
async function ask(url, headers, status, body) {
  const sizes = [];
  const running = autocannon({
    url, headers, amount, connections, sampleInt: 100, verifyBody: (got) => got === body,
  });
  running.on('response', (client, code, octets) => sizes.push(octets));
  const { errors, timeouts, mismatches, statusCodeStats } = await running;
  assert.deepEqual({ errors, timeouts, mismatches, statusCodeStats }, {
    errors: 0, timeouts: 0, mismatches: 0, statusCodeStats: { [status]: { count: amount } },
  }, url);
  assert.equal(sizes.length, amount);
  return sizes;
}

export async function crowd(registry) {
  const { models } = await (await registry.get('/v1/models?limit=1')).json();
  const paths = [`/v1/models/${models[0].id}`, '/v1/changes?limit=20', '/v1/feed.atom'];
  let largest = 0;
  for (const path of paths) {
    const url = registry.server + path;
    const whole = await registry.get(path);
    const etag = whole.headers.get('etag');
    const body = await whole.text();
    await ask(url, {}, 200, body);
    const sizes = await ask(url, { 'if-none-match': etag }, 304, '');
    largest = Math.max(largest, ...sizes);
    await ask(url, { 'if-none-match': '"another"' }, 200, body);
  }
  return `autocannon: ${connections} at once ask for ${paths.length} kinds of answers, ${amount} ` +
         'times each: all 304 without a body, of at most ' +
         `${largest} octets, to who has the tag, all 200 and whole to who has none or another`;
}
