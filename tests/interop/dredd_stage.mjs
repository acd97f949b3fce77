// What there must be so that every operation can do its work: subscriptions in each state, a
// mailbox, a Party, a report, a sealed text's opening, statements, some of them in the tray, an extract.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { simpleParser } from 'mailparser';
import { codeIn } from './mail.mjs';
import { until, within } from './registry.mjs';
import { samples } from './samples.mjs';
import { receiver } from './webhooks.mjs';

const nobody = 'http://127.0.0.1:9/hooks';

const fileOf = {
  'application/json': 'json',
  'text/csv': 'csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/pkcs7-signature': 'csv.p7s',
};

// A receiver that does not consent, but keeps the address where a person can.
async function consentToken(registry) {
  let asked;
  const path = new Promise((resolve) => { asked = resolve; });
  const server = http.createServer((request, response) => {
    asked(new URL(request.headers['webhook-request-callback']).pathname);
    response.end();
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  await registry.subscribe(`http://127.0.0.1:${server.address().port}/silent`);
  const token = (await within(60, 'the question for consent', path)).split('/').at(-1);
  server.close();
  return token;
}

async function mailbox(registry) {
  const server = registry.mail.server;
  const { id } = await registry.subscribe('mailto:team@party.example',
                                          { types: ['entry.removed.v1'] });
  await server.until(1);
  const [message] = server.taken;
  const { headers } = await simpleParser(message.octets);
  const token = new URL(headers.get('list').unsubscribe.url).pathname.split('/').at(-1);
  return { id, token, code: await codeIn(message) };
}

// Somebody of the Party signs in to the pages.
async function session(registry) {
  const signedIn = await fetch(`${registry.server}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: 'https://cpl.example' },
    body: new URLSearchParams({ token: registry.party_token }),
  });
  assert.equal(signedIn.status, 303);
  const listed = await registry.get('/v1/sessions',
                                    { authorization: `Bearer ${registry.party_token}` });
  return (await listed.json()).sessions.at(-1);
}

// As `cpl extract publish` would send it.
function extract(registry) {
  const work = dirname(registry.policy);
  const folder = join(work, 'extract-2');
  const cpl = (...args) => execFileSync(join(registry.bin, 'cpl'), ['extract', ...args],
                                        { stdio: ['ignore', 'ignore', 'inherit'] });
  cpl('make', registry.server, '--policy', registry.policy, '--out', folder);
  cpl('sign', folder, '--key', join(work, 'registrar-3.key'),
      '--certificate-file', join(work, 'registrar-3.pem'));
  const file = (end) => readFileSync(join(folder, `extract.${end}`));
  const { version, previous, log_size: size } = JSON.parse(file('json')).extract;
  const signatures = Object.fromEntries(
    ['json', 'csv', 'xlsx'].map((form) => [form, file(`${form}.p7s`).toString('base64')]));
  return { version, previous, log_size: size, signatures };
}

const devices = 'model,devices\r\nESME-1063-00050203-38040404,1200\r\n';

// The entry by which the Service Desk commits to these counts.
function counts(registry) {
  const work = dirname(registry.policy);
  const file = join(work, 'devices.csv');
  writeFileSync(file, devices);
  const today = new Date().toISOString().slice(0, 10);
  return registry.cpl('desk', 'count', file, '--day', today, '--policy', registry.policy,
                      '--key', join(work, 'desk.key')).index;
}

// Additions that one registrar has signed.
function halves(registry) {
  const folder = join(dirname(registry.policy), 'halves');
  return readdirSync(folder).sort().map((name) => join(folder, name));
}

export class Stage {
  static async set(registry) {
    const stage = new Stage(registry);
    await stage.prepare();
    return stage;
  }

  constructor(registry) {
    this.registry = registry;
  }

  async prepare() {
    const { registry } = this;
    this.common = { ...await samples(registry), id: (await registry.subscribe(nobody)).id,
                    name: 'south-energy' };
    this.receiver = await receiver(() => {});
    const { port } = this.receiver.address();
    const active = await registry.subscribe(`http://127.0.0.1:${port}/hook`);
    const ended = await registry.subscribe(nobody);
    const paused = await registry.subscribe(nobody);
    await registry.act(paused.id, 'pause');
    const mail = await mailbox(registry);
    const consent = { token: await consentToken(registry) };
    const party = registry.cplWith(registry.operator_token, 'party', 'add', this.common.name);
    registry.cplWith(registry.operator_token, 'party', 'add', 'west-energy');
    registry.cpl('report', 'send', this.common.model, '--reason', 'It is not ours.');
    registry.keepOpening('AMBER');
    const [waits, unsigned, unwanted] = halves(registry);
    const put = (file) => ({
      id: registry.cplWith(registry.secas_token, 'tray', 'put', file).id });
    this.waits = waits;
    const toSign = put(unsigned);
    const counted = { index: counts(registry) };
    const sealed = { index: registry.sealed.entry };
    this.special = {
      deleteSubscription: ended, resumeSubscription: paused, confirmSubscription: mail,
      testSubscription: active, listDeliveries: active, showConsent: consent, giveConsent: consent,
      showUnsubscribe: mail, unsubscribe: mail, revokePartyToken: { id: party.details.id },
      removeParty: { name: 'west-energy' },
      getOpenings: sealed, destroyOpening: sealed, endSession: await session(registry),
      getTrayStatement: toSign, signInTray: toSign, withdrawFromTray: put(unwanted),
      getDelivery: { id: active.id, number: 0 }, retrySubscription: active,
      replayForOwner: active, getDeployedFile: counted, bringDeployedFile: counted,
    };
    this.setBodies(mail);
    await until(60, 'the receiver\'s consent', async () =>
      (await registry.subscription(active.id)).deliveries > 0);
  }

  // Where the description's own examples are not of this registry.
  setBodies({ code }) {
    const { registry } = this;
    const statement = (at) => readFileSync(registry.later[at], 'utf8');
    this.bodies = {
      submitStatement: statement(0),
      bringDeployedFile: devices,
      putIntoTray: readFileSync(this.waits, 'utf8'),
      signInTray: readFileSync(halves(registry)[1].replace('/halves/', '/wholes/'), 'utf8'),
      checkStatement: statement(0),
      submitStatements: { statements: [statement(1)] },
      publishExtract: extract(registry),
      createSubscription: { url: nobody },
      sendReport: { model: this.common.model, text: 'Its hardware version is another.' },
      confirmSubscription: { code },
      replaySubscription: { from: 0 },
      replayForOwner: { from: 0 },
      keepOpenings: {
        entry: registry.sealed.entry,
        seals: JSON.parse(readFileSync(registry.sealed.seals)),
        classification: 'AMBER',
        readers: [{ who: 'example-energy' }],
      },
    };
  }

  // For the path of an operation; what a file is called depends on its type.
  values(operationId, type) {
    return { ...this.common, ...(fileOf[type] && { file: fileOf[type] }),
             ...this.special[operationId] };
  }

  // Where the example of the description does not do.
  parameter(name) {
    return { 'Idempotency-Key': `"${randomUUID()}"`, 'If-Match': '*' }[name];
  }

  tokenFor(path) {
    const isOperators = path.startsWith('/v1/operator/') || path === '/metrics';
    if (path.startsWith('/v1/tray')) return this.registry.secas_token;
    return isOperators ? this.registry.operator_token : this.registry.party_token;
  }

  close() {
    this.receiver.close();
  }
}
