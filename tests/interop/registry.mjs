// A real registry to drive the clients against, and what all of them are compared with.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

export class Registry {
  constructor(bin, models, later) {
    this.bin = bin;
    this.folder = mkdtempSync(join(tmpdir(), 'cpl-interop-'));
    const work = join(this.folder, 'registry');
    execFileSync(join(here, 'setup_registry'), [bin, work, String(models), String(later)],
                 { stdio: ['ignore', 'ignore', 'inherit'] });
    Object.assign(this, JSON.parse(readFileSync(join(work, 'registry.json'), 'utf8')));
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
    const response = await fetch(this.server + path, { headers });
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
    return this.post('/v1/subscriptions', { url, from: 0, filter });
  }

  // As the Party.
  async post(path, body) {
    const response = await fetch(this.server + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${this.party_token}`,
      },
      body: JSON.stringify(body),
    });
    assert(response.ok, `${path} answered ${response.status}: ${await response.clone().text()}`);
    return response.json();
  }

  close() {
    process.kill(this.service, 'SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function within(seconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${seconds} s`)),
                       seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
