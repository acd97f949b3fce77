// E-mail: taken by one npm server over STARTTLS, read by one parser, its DKIM judged by a third and
// its S/MIME by OpenSSL. The same events, ids and order as on every other channel.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authenticate } from 'mailauth';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { ask } from './problems.mjs';
import { until, within } from './registry.mjs';

// A mail server that keeps what it is given, and refuses what it is told to.
export class MailServer {
  static async start() {
    const server = new MailServer();
    await new Promise((ready) => server.smtp.listen(0, '127.0.0.1', ready));
    server.port = server.smtp.server.address().port;
    return server;
  }

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'cpl-mail-'));
    this.ca = join(this.folder, 'mail-ca.pem');
    const key = join(this.folder, 'mail-ca.key');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2',
                             '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
                             '-keyout', key, '-out', this.ca], { stdio: 'ignore' });
    this.taken = [];
    this.refusals = [];
    this.gone = new Set();  // Mailboxes that are there no more.
    this.waiting = [];
    this.smtp = new SMTPServer({
      authOptional: true,
      cert: readFileSync(this.ca),
      key: readFileSync(key),
      onRcptTo: ({ address }, session, callback) =>
        callback(this.gone.has(address) ? Object.assign(new Error('gone'), { responseCode: 550 })
                                        : null),
      onData: (stream, session, callback) => this.take(stream, session, callback),
    });
  }

  take(stream, session, callback) {
    const pieces = [];
    stream.on('data', (piece) => pieces.push(piece));
    stream.on('end', () => {
      const refusal = this.refusals.shift();
      if (refusal) return callback(Object.assign(new Error('not now'), { responseCode: refusal }));
      this.taken.push({
        octets: Buffer.concat(pieces),
        secure: session.secure,
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map((one) => one.address),
      });
      callback(null, 'taken');
      for (const look of this.waiting) look();
    });
  }

  // Until so many messages have come.
  until(count) {
    return within(60, `${count} messages`, new Promise((done) => {
      const look = () => {
        if (this.taken.length >= count) done();
      };
      this.waiting.push(look);
      look();
    }));
  }

  close() {
    this.smtp.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// What DNS would say of the keys that sign.
function resolver(dns) {
  return async (name, type) => {
    const record = dns[name];
    if (type === 'TXT' && record) return [[record]];
    throw Object.assign(new Error(`${type} ${name}`), { code: 'ENOTFOUND' });
  };
}

export async function checkDkim(message, dns) {
  const { dkim } = await authenticate(message.octets, {
    ip: '192.0.2.1',
    helo: 'cpl.example',
    sender: message.from,
    resolver: resolver(dns),
    trustReceived: false,
    disableArc: true,
    disableBimi: true,
    disableDmarc: true,
  });
  const found = dkim.results.map((one) => [one.algo, one.status.result]);
  assert.deepEqual(found, [['rsa-sha256', 'pass'], ['ed25519-sha256', 'pass']]);
  for (const one of dkim.results) {
    for (const name of ['list-unsubscribe', 'list-unsubscribe-post']) {
      assert(one.signingHeaders.keys.toLowerCase().includes(name), `${name} is not covered`);
    }
  }
  const altered = Buffer.from(message.octets.toString('latin1').replace('log', 'lob'), 'latin1');
  const again = await authenticate(altered, {
    ip: '192.0.2.1', helo: 'cpl.example', sender: message.from, resolver: resolver(dns),
    disableArc: true, disableBimi: true, disableDmarc: true,
  });
  assert(again.dkim.results.every((one) => one.status.result !== 'pass'), 'altered, and passes');
}

export function checkSmime(registry, message) {
  const file = join(registry.folder, 'message.eml');
  const verify = (octets) => {
    writeFileSync(file, octets);
    execFileSync('openssl', ['cms', '-verify', '-in', file, '-CAfile', registry.mail.smime,
                             '-out', '/dev/null'], { stdio: 'pipe' });
  };
  verify(message.octets);
  const altered = message.octets.toString('latin1').replace('never asks', 'now asks');
  assert.throws(() => verify(Buffer.from(altered, 'latin1')), 'altered, and verifies');
}

export function checkEvent(registry, mail, event) {
  const index = String(Number(event.sequence));
  const [json, proof, signature] = mail.attachments;
  assert.equal(json.filename, `entry-${index}.json`);
  assert.equal(proof.filename, `entry-${index}.tlog-proof`);
  assert.equal(signature.contentType, 'application/pkcs7-signature');
  const told = JSON.parse(json.content);
  for (const name of ['id', 'type', 'source', 'subject', 'sequence', 'prevsequence', 'time']) {
    assert.equal(told[name], event[name], name);
  }
  assert.equal(told.data.leaf, event.data.leaf);
  assert.equal(told.data.proof, proof.content.toString());
  assert.equal(mail.headers.get('x-cpl-sequence'), event.sequence);
  assert(mail.text.includes(event.data.summary.slice(0, 40)), mail.text);
  const file = join(registry.folder, json.filename);
  writeFileSync(file, json.content);
  const verdict = JSON.parse(execFileSync(
    join(registry.bin, 'cpl'), ['verify', file, '--policy', registry.policy, '--json']));
  assert.equal(verdict.verdict, 'VALID');
}

async function checkUnsubscribe(registry, mail, id) {
  const list = mail.headers.get('list');
  const path = new URL(list.unsubscribe.url).pathname;
  const state = async () => (await registry.subscription(id)).state;
  assert.equal((await registry.get(path)).status, 200);
  assert.equal(await state(), 'active', 'opening the link must end nothing');
  const click = (target) => ask(registry.server + target, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  assert.equal((await click(`${path}x`)).status, 404);
  assert.equal((await click(path)).status, 200);
  assert.equal(await state(), 'paused');
}

export const codeIn = async (message) =>
  (await simpleParser(message.octets)).text.match(/^\s*(\d{8})\s*$/m)[1];

export async function checkGone(registry, server, filter) {
  const before = server.taken.length;
  const made = await registry.subscribe('mailto:gone@party.example', filter);
  await server.until(before + 1);
  const code = await codeIn(server.taken.at(-1));
  server.gone.add('gone@party.example');
  assert.equal((await registry.act(made.id, 'confirm', { code })).status, 202);
  await until(30, 'the quarantine', async () =>
    (await registry.subscription(made.id)).state === 'quarantined');
  return made.id;
}

export async function mail(registry) {
  const server = registry.mail.server;
  const filter = { types: ['entry.removed.v1', 'removal.announced.v1'] };
  const made = await registry.subscribe('mailto:team@party.example', filter);
  await server.until(1);
  const code = await codeIn(server.taken[0]);
  assert.equal((await registry.act(made.id, 'confirm', { code: '00000000' })).status, 403);
  server.refusals.push(451);  // It is tried again some seconds later.
  assert.equal((await registry.act(made.id, 'confirm', { code })).status, 202);
  const events = (await registry.events()).filter(
    (event) => filter.types.some((type) => event.type.endsWith(type)));
  assert.equal(events.length, 2);
  await server.until(1 + events.length);
  const mails = [];
  for (const [at, event] of events.entries()) {
    const message = server.taken[1 + at];
    assert(message.secure, 'not over TLS');
    assert.deepEqual(message.to, ['team@party.example']);
    assert.match(message.from, /^bounces\+[0-9a-f]{16}@cpl\.example$/);
    await checkDkim(message, registry.mail.dns);
    checkSmime(registry, message);
    const parsed = await simpleParser(message.octets);
    assert.equal(parsed.to.text, 'team@party.example');
    assert.equal(parsed.cc, undefined);
    checkEvent(registry, parsed, { ...event, prevsequence: events[at - 1]?.sequence });
    mails.push(parsed);
  }
  await checkUnsubscribe(registry, mails[0], made.id);
  await checkGone(registry, server, filter);
  return 'smtp-server, mailparser: a code confirmed, a refusal overcome, events in order with ' +
         'proofs, a mailbox that is gone in quarantine\nmailauth: RSA and Ed25519 pass, altered ones do not\n' +
         'openssl cms: S/MIME verifies, altered ones do not';
}
