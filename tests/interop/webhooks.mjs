// Live deliveries, checked by the libraries that receivers use.
import assert from 'node:assert/strict';
import http from 'node:http';
import { HTTP } from 'cloudevents';
import * as standard from 'standardwebhooks';
import * as svix from 'svix';
import { within } from './registry.mjs';
import { verifiedByOpenssl } from './v1a.mjs';

// Consents to whoever asks, gives challenges back, and takes the rest: with 204, or the status that
// `take` gives.
export function receiver(take, consents = () => true) {
  const server = http.createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString();
      if (request.method === 'OPTIONS') {
        const allowed = { 'WebHook-Allowed-Origin': '*', 'WebHook-Allowed-Rate': '*' };
        response.writeHead(200, consents() ? allowed : {}).end();
        return;
      }
      const { challenge } = JSON.parse(body).data;
      if (challenge) {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ challenge }));
        return;
      }
      response.writeHead(take(request, body) ?? 204).end();
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

// While keys are changed a receiver may still have the old ones, or the new ones already.
async function rotation(registry, made, test) {
  const path = `/${made.id}`;
  const rotated = await registry.post(`${path}/rotate`, { grace_seconds: 3600 });
  assert.notEqual(rotated.secret, made.secret);
  await registry.post(`${path}/test`, {});
  const { headers, body } = await within(60, 'the test event', test);
  for (const { secret, public_key: key } of [made, rotated]) {
    for (const { Webhook } of [standard, svix]) {
      assert(new Webhook(secret).verify(body, headers).type.endsWith('.test.v1'));
    }
    assert.equal(verifiedByOpenssl(registry.folder, key, { headers, body }), 1);
  }
}

// An advisory is an event for these libraries too, with its class, and the spaces behind it.
function checkAdvisory(registry, made, { headers, body }) {
  const event = HTTP.toEvent({ headers, body });
  assert(event.validate());
  assert(event.type.endsWith('.advisory.published.v1'));
  assert.equal(event.dataclassification, 'AMBER');
  assert(event.dataref.endsWith(`/v1/entries/${registry.sealed.entry}/openings`));
  assert.equal(Buffer.byteLength(body), 2048);
  for (const { Webhook } of [standard, svix]) {
    const verifier = new Webhook(made.secret);
    verifier.verify(body, headers);
    assert.throws(() => verifier.verify(body.trimEnd(), headers));
  }
}

export async function webhooks(registry) {
  const wanted = (await registry.events()).length;
  const deliveries = [];
  let finish;
  let tested;
  let advise;
  const finished = new Promise((resolve) => { finish = resolve; });
  const test = new Promise((resolve) => { tested = resolve; });
  const advised = new Promise((resolve) => { advise = resolve; });
  const server = await receiver((request, body) => {
    const delivery = { headers: request.headers, body };
    if (request.headers['webhook-id'].startsWith('tst_')) return tested(delivery);
    if (request.headers['webhook-id'].startsWith('adv_')) return advise(delivery);
    deliveries.push(delivery);
    if (deliveries.length >= wanted) finish();
  });
  const made = await registry.subscribe(`http://127.0.0.1:${server.address().port}/hook`,
                                        { classifications: ['AMBER'] });
  await within(120, `${wanted} deliveries`, finished);
  registry.keepOpening('AMBER');
  checkAdvisory(registry, made, await within(60, 'the advisory', advised));
  await rotation(registry, made, test);
  server.close();
  const verifiers = {
    standardwebhooks: new standard.Webhook(made.secret),
    svix: new svix.Webhook(made.secret),
  };
  for (const { headers, body } of deliveries) {
    for (const verifier of Object.values(verifiers)) {
      const event = verifier.verify(body, headers);
      assert.equal(event.specversion, '1.0');
      assert.throws(() => verifier.verify(body.replace('"id"', '"iD"'), headers));
      assert.throws(() => verifier.verify(body, { ...headers, 'webhook-id': 'msg_1' }));
    }
    const event = HTTP.toEvent({ headers, body });
    assert(event.validate());
    const openssl = (what) => verifiedByOpenssl(registry.folder, made.public_key, what);
    assert.equal(openssl({ headers, body }), 1);
    assert.equal(openssl({ headers, body: body.replace('"id"', '"iD"') }), 0);
  }
  const ids = new Set(deliveries.map(({ headers }) => headers['webhook-id']));
  assert.equal(ids.size, deliveries.length);
  return [...Object.keys(verifiers), 'openssl pkeyutl (v1a)'].map((name) => (
    `${name}: ${deliveries.length} live deliveries verified, each refused once altered`))
    .join('\n');
}
