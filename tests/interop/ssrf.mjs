// Whether a subscriber's URL leads inside (SSRF). The service resolves names with the C library, so
// that it is given a name server of ours, in a network of its own where every address in the world
// is this machine: whatever is called on port 443 is seen, and nothing leaves.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inOwnNetwork, NameServer } from './network.mjs';
import { quiet, Registry, until, within } from './registry.mjs';

const self = fileURLToPath(import.meta.url);
// Any that the rules allow: they are called in our own network only.
const PUBLIC = '9.0.0.1';
const PUBLIC6 = '2600::1';
const open = [PUBLIC, PUBLIC6];
// Public, too, and what the service itself listens on.
const OWN = '9.0.0.2';

// One answer for each network that must not be called, and for each way to hide one.
const blocked = {
  // IPv4 special purposes.
  'this-network': ['0.0.0.0'], 'ten': ['10.1.2.3'], 'cgnat': ['100.64.0.1'],
  'cgnat-end': ['100.127.255.255'], 'loopback': ['127.0.0.1'], 'loopback-far': ['127.255.0.9'],
  'link-local': ['169.254.1.1'], 'metadata': ['169.254.169.254'], 'private-172': ['172.16.0.1'],
  'private-172-end': ['172.31.255.255'], 'protocols': ['192.0.0.8'], 'test-1': ['192.0.2.1'],
  'relay-6to4': ['192.88.99.1'], 'private-192': ['192.168.1.1'], 'benchmarks': ['198.19.0.1'],
  'test-2': ['198.51.100.1'], 'test-3': ['203.0.113.1'], 'multicast': ['224.0.0.1'],
  'reserved': ['240.0.0.1'], 'broadcast': ['255.255.255.255'],
  // IPv6: what is not global unicast, and the parts of it that are not.
  'unspecified': ['::'], 'loopback-6': ['::1'], 'nat64': ['64:ff9b::7f00:1'],
  'nat64-local': ['64:ff9b:1::a00:1'], 'discard': ['100::1'], 'segments': ['5f00::1'],
  'teredo': ['2001::1'], 'documents': ['2001:db8::1'], 'six-to-four': ['2002:7f00:1::1'],
  'documents-2': ['3fff::1'], 'ula-fc': ['fc00::1'], 'ula-fd': ['fd12:3456::1'],
  'link-local-6': ['fe80::1'], 'site-local': ['fec0::1'], 'multicast-6': ['ff02::1'],
  // IPv4 within IPv6.
  'mapped-loopback': ['::ffff:127.0.0.1'], 'mapped-ten': ['::ffff:10.0.0.1'],
  'mapped-metadata': ['::ffff:169.254.169.254'],
  // Its own address, though it is public.
  'own': [OWN], 'mixed-own': [PUBLIC, OWN], 'mapped-own': [`::ffff:${OWN}`],
  // A good address among them does not help, wherever it stands.
  'mixed': [PUBLIC, '127.0.0.1'], 'mixed-back': ['127.0.0.1', PUBLIC],
  'mixed-cgnat': [PUBLIC, '100.64.0.1'], 'mixed-families': [PUBLIC, 'fd12:3456::1'],
  'mixed-families-back': [PUBLIC6, '10.1.2.3'],
};

// What is no name of a public host over HTTPS is refused before anybody is asked.
const literals = [
  'http://public.party.example/', 'https://public.party.example:8443/', 'https://127.0.0.1/',
  'https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://2130706433/', 'https://0x7f.0.0.1/',
  'https://0177.0.0.1/', 'https://127.1/', 'https://localhost/', 'https://metadata.internal/',
  'https://user@public.party.example/', 'https://printer.local/', 'https://127.0.0.1./',
];

const nameOf = (label) => `${label}.party.example`;

// A Party's receiver, on port 443 of every address.
class Receiver {
  constructor(folder) {
    this.connections = [];  // The address that was called for each.
    this.requests = [];
    this.ca = join(folder, 'party.pem');
    const key = join(folder, 'party.key');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
                             'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj',
                             '/CN=party.example', '-addext', 'subjectAltName=DNS:*.party.example',
                             '-keyout', key, '-out', this.ca], { stdio: 'ignore' });
    this.server = https.createServer({ cert: readFileSync(this.ca), key: readFileSync(key) },
                                     (request, response) => this.take(request, response));
    this.server.on('connection', ({ localAddress }) =>
      this.connections.push(localAddress.replace(/^::ffff:/, '')));
  }

  start() {
    return new Promise((ready, failed) => {
      this.server.once('error', failed).listen(443, '::', ready);
    });
  }

  take(request, response) {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const host = request.headers.host;
      this.requests.push({ host, method: request.method, name: request.socket.servername });
      const { challenge } = pieces.length > 0 ? JSON.parse(Buffer.concat(pieces)).data : {};
      if (host === nameOf('redirect')) {
        response.writeHead(307, { Location: `https://${nameOf('loopback')}/` }).end();
      } else if (request.method === 'OPTIONS') {
        response.writeHead(200, { 'WebHook-Allowed-Origin': '*', 'WebHook-Allowed-Rate': '*' });
        response.end();
      } else if (challenge) {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ challenge }));
      } else {
        response.writeHead(204).end();
      }
    });
  }

  of(label) {
    return this.requests.filter(({ host }) => host === nameOf(label)).map(({ method }) => method);
  }

  // Nothing but what may be called was called.
  check() {
    const inside = this.connections.filter((address) => !open.includes(address));
    assert.deepEqual(inside, [], 'the service has called addresses that are not public');
  }
}

const filter = { types: ['entry.removed.v1'] };  // One event.

class Check {
  constructor(registry, receiver, names) {
    Object.assign(this, { registry, receiver, names });
  }

  subscribe(name) {
    return this.registry.subscribe(`https://${name}/hook`, filter);
  }

  // The first attempt that did not go well, as the owner is told of it.
  failure(id) {
    return until(20, `a failure of ${id}`, async () => {
      this.receiver.check();
      return (await this.registry.deliveries(id)).find(({ outcome }) => outcome !== 'delivered');
    });
  }

  // That the rest shows anything: with public answers the same receiver is called and believed.
  async control() {
    for (const label of ['public', 'public-6', 'changeling']) {
      const made = await this.subscribe(nameOf(label));
      await until(20, `the event at ${label}`, async () => this.receiver.of(label).length >= 3);
      assert.deepEqual(this.receiver.of(label), ['OPTIONS', 'POST', 'POST']);
      this[label] = made.id;
    }
    assert(this.receiver.requests.every(({ host, name }) => host === name), 'no SNI');
    for (const address of open) assert(this.receiver.connections.includes(address), address);
  }

  // Those whose answers are wrong from the start, and one that has no answer: the owner cannot tell
  // them apart.
  async refusals() {
    const labels = [...Object.keys(blocked), 'nowhere'];
    const names = [...labels.map(nameOf), '169.254.169.254.sslip.io'];
    const before = this.receiver.connections.length;
    const made = await Promise.all(names.map((name) => this.subscribe(name)));
    const told = new Set();
    for (const [at, { id }] of made.entries()) {
      const { what, failure, request_octets: octets, status } = await this.failure(id);
      assert.deepEqual([what, octets, status], ['consent', 0, undefined], names[at]);
      assert.equal((await this.registry.subscription(id)).state, 'pending', names[at]);
      assert(this.names.asked.get(names[at]) > 0, `${names[at]} was not resolved`);
      told.add(failure);
    }
    assert.equal(told.size, 1, `the reasons tell hosts apart: ${[...told].join('; ')}`);
    const { id } = made[labels.indexOf('metadata')];
    assert(told.has(this.registry.cpl('subscribe', 'show', id).last_failure));
    const { deliveries } = this.registry.cpl('subscribe', 'log', id);
    assert(deliveries.every(({ failure }) => told.has(failure)));
    assert.equal(this.receiver.connections.length, before, 'something was called');
    return names.length - 1;
  }

  // Public when it is asked for consent, loopback when the challenge follows at once.
  async rebinding() {
    const { id } = await this.subscribe(nameOf('rebinding'));
    const { what } = await this.failure(id);
    assert.equal(what, 'challenge');
    assert.deepEqual(this.receiver.of('rebinding'), ['OPTIONS']);
    // Public until it is verified and served; then the name of the metadata service.
    this.changed = true;
    await this.registry.post(`/${this.changeling}/test`, {});
    assert.equal((await this.failure(this.changeling)).what, 'test');
    assert.equal(this.receiver.of('changeling').length, 3);
  }

  async redirect() {
    const { id } = await this.subscribe(nameOf('redirect'));
    assert.equal((await this.failure(id)).status, 307);
    assert.deepEqual(this.receiver.of('redirect'), ['OPTIONS']);
  }

  async literals() {
    for (const url of literals) {
      const response = await this.registry.request('', 'POST', { url, from: 0, filter });
      assert.equal(response.status, 400, url);
      assert((await response.json()).type.endsWith('/delivery-target-refused'), url);
    }
  }
}

async function inside(bin, folder) {
  const receiver = new Receiver(folder);
  await receiver.start();
  const check = new Check(undefined, receiver, new NameServer(new Map([
    ...Object.entries(blocked).map(([label, addresses]) => [nameOf(label), addresses]),
    ['169.254.169.254.sslip.io', ['169.254.169.254']],
    [nameOf('public'), [PUBLIC]],
    [nameOf('public-6'), [PUBLIC6]],
    [nameOf('redirect'), [PUBLIC]],
    [nameOf('rebinding'), (before) => (before === 0 ? [PUBLIC] : ['127.0.0.1'])],
    [nameOf('changeling'), () => (check.changed ? ['169.254.169.254'] : [PUBLIC])],
  ])));
  await check.names.start();
  check.registry = new Registry(bin, 12, 0, undefined, {
    ...quiet,
    LAB_MODE: 'false',
    ADDRESS: OWN,
    SSL_CERT_FILE: receiver.ca,
  });
  try {
    await check.control();
    const refused = await check.refusals();
    await check.rebinding();
    await check.redirect();
    await check.literals();
    receiver.check();
    return `dns-packet: ${refused} names with an answer that is not public, or is the service's ` +
           'own, two that change theirs, a redirect: nothing inside is called, and the owner is ' +
           'not told which is which';
  } finally {
    check.registry.close();
  }
}

// A local route to everywhere makes every address this machine's own. The C library asks for
// addresses of a family only where the machine has one that is not loopback.
const everywhere = `
  ip address add ${PUBLIC}/32 dev lo
  ip address add ${PUBLIC6}/128 dev lo
  ip route add local 0.0.0.0/0 dev lo
  ip -6 route add local ::/0 dev lo
`;

export async function ssrf(main) {
  return inOwnNetwork(self, [main.bin], everywhere);
}

if (process.argv[1] === self) {
  const [bin, folder] = process.argv.slice(2);
  console.log(await within(55, 'the check', inside(bin, folder)));
  process.exit(0);
}
