// A real registry to drive the clients against, and what all of them are compared with.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask } from './problems.mjs';

const here = dirname(fileURLToPath(import.meta.url));

// What this machine does not let a check do; said again at the end of the run.
export class Skipped extends Error {}

// For checks that count what is sent: no checkpoint comes between, else due at each full minute.
export const quiet = { CHECKPOINT_MINUTES: '1440' };

export class Registry {
  // `environment` may say more to setup_registry and to the service.
  constructor(bin, models, later, mailServer, environment = {}) {
    this.bin = bin;
    this.folder = mkdtempSync(join(tmpdir(), 'cpl-interop-'));
    const work = join(this.folder, 'registry');
    execFileSync(join(here, 'setup_registry'), [bin, work, String(models), String(later)],
                 {
                   stdio: ['ignore', 'ignore', 'inherit'],
                   env: {
                     ...process.env,
                     ...(mailServer && { MAIL_PORT: mailServer.port, MAIL_CA: mailServer.ca }),
                     ...environment,
                   },
                 });
    Object.assign(this, JSON.parse(readFileSync(join(work, 'registry.json'), 'utf8')));
    if (mailServer) this.mail.server = mailServer;
    this.later = readdirSync(join(work, 'later')).sort().map((name) => join(work, 'later', name));
  }

  // One of the additions that were kept back becomes an entry.
  submitNext() {
    const statement = this.later.shift();
    assert(statement, 'no addition is left to submit');
    execFileSync(join(this.bin, 'cpl'), ['submit', statement, '--server', this.server],
                 { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  async get(path, headers = {}) {
    const response = await ask(this.server + path, { headers });
    assert.equal(response.status, 200, `${path} answered ${response.status}`);
    return response;
  }

  // Every event, by polling.
  async events() {
    const events = [];
    for (let after = ''; ;) {
      const page = await (await this.get(`/v1/changes?limit=100${after}`)).json();
      events.push(...page.events);
      if (page.done) return events;
      after = `&after=${page.cursor}`;
    }
  }

  subscribe(url, filter) {
    return this.post('', { url, from: 0, filter });
  }

  // As the Party; paths are below /v1/subscriptions.
  async post(path, body) {
    const response = await this.request(path, 'POST', body);
    assert(response.ok, `${path} answered ${response.status}: ${await response.clone().text()}`);
    return response.json();
  }

  // Each POST is a new one, and changes are made whatever is there: but for what `headers` say,
  // where undefined stands for none.
  request(path, method, body, headers = {}) {
    const all = {
      'content-type': 'application/json',
      authorization: `Bearer ${this.party_token}`,
      ...(method === 'POST' && { 'idempotency-key': `"${randomUUID()}"` }),
      ...(['PATCH', 'DELETE'].includes(method) && { 'if-match': '*' }),
      ...headers,
    };
    return ask(`${this.server}/v1/subscriptions${path}`, {
      method,
      headers: Object.entries(all).filter(([, value]) => value !== undefined),
      body: body && JSON.stringify(body),
    });
  }

  async subscription(id) {
    return (await this.request(`/${id}`, 'GET')).json();
  }

  act(id, action, body) {
    return this.request(`/${id}/${action}`, 'POST', body);
  }

  // What the command line tells of it, as the Party.
  cpl(...args) {
    return this.cplWith(this.party_token, ...args);
  }

  cplWith(token, ...args) {
    return JSON.parse(execFileSync(join(this.bin, 'cpl'), [...args, '--json'], {
      env: { ...process.env, CPL_SERVER: this.server, CPL_TOKEN: token },
      encoding: 'utf8',
    }));
  }

  // The removal's sealed reason, for the Party.
  keepOpening(classification) {
    const { entry, seals } = this.sealed;
    this.cplWith(this.operator_token, 'openings', 'keep', seals, '--entry', String(entry),
                 '--classification', classification, '--for', 'example-energy');
  }

  // What became of the subscription's deliveries, the oldest first.
  async deliveries(id) {
    const response = await this.request(`/${id}/deliveries`, 'GET');
    return (await response.json()).deliveries.reverse();
  }

  close() {
    process.kill(this.service, 'SIGTERM');
    removeFolder(this.folder);
  }
}

// The service still writes while it stops, and it may wait for us: its folder is read anew each time.
function removeFolder(folder, tries = 1000) {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' || tries === 0) throw error;
    removeFolder(folder, tries - 1);
  }
}

// Asks again and again, for what nothing can be waited on.
export function until(seconds, what, look) {
  let late = false;
  const asking = (async () => {
    while (!late) {
      const found = await look();
      if (found) return found;
      await new Promise((done) => setTimeout(done, 50));
    }
    return undefined;
  })();
  return within(seconds, what, asking).finally(() => { late = true; });
}

export function within(seconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${seconds} s`)),
                       seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
