// A ticket system that nobody here wrote: Debian's Request Tracker makes of a notice one ticket, with
// the steps of it as follow-ups, and finds in it the lines that a program reads.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simpleParser } from 'mailparser';
import { MailServer } from './mail.mjs';
import { quiet, Registry, Skipped, until } from './registry.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const setup = '/usr/sbin/rt-setup-database-5';
const mailbox = 'cpl@desk.example';

// A Request Tracker with a database of its own; nothing of the machine's is used but its programs.
class Tracker {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'cpl-rt-'));
    const site = join(this.folder, 'site.pm');
    const more = join(this.folder, 'site.d');
    mkdirSync(more);
    writeFileSync(site, `Set($rtname, 'desk.example');
Set($Organization, 'desk.example');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '${this.folder}/rt.sqlite');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'critical');
Set($MailCommand, 'testfile');
1;
`);
    this.env = { ...process.env, RT_SITE_CONFIG: site, RT_SITE_CONFIG_DIR: more };
    execFileSync(setup, ['--action', 'init', '--dba', 'root', '--dba-password', ''],
                 { env: this.env, stdio: 'pipe' });
  }

  // What it makes of these messages.
  judge(messages) {
    const files = messages.map((octets, at) => {
      const file = join(this.folder, `${String(at).padStart(3, '0')}.eml`);
      writeFileSync(file, octets);
      return file;
    });
    const told = execFileSync('perl', [join(here, 'rt_judge.pl'), join(here, 'rt_threads.pm'),
                                       ...files],
                              { env: this.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return JSON.parse(told);
  }

  close() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// The values by name, as a program reads them.
function values(text) {
  const lines = text.split('\n').map((line) => /^([A-Z][A-Za-z ]*): (.+)$/.exec(line.trim()));
  return Object.fromEntries(lines.filter(Boolean).map(([, name, value]) => [name, value]));
}

// The desk's mailbox, confirmed.
async function subscribed(registry, server) {
  const made = registry.cplWith(registry.desk_token, 'subscribe', 'add', `mailto:${mailbox}`,
                                '--ticket', '--from-entry', '0');
  assert.equal(made.style, 'ticket');
  await server.until(1);
  const code = /code\s+(\d{8})/.exec((await simpleParser(server.taken[0].octets)).text)[1];
  registry.cplWith(registry.desk_token, 'subscribe', 'confirm', made.id, code);
  return made.id;
}

async function checkMessages(messages) {
  for (const { octets } of messages) {
    const head = octets.toString('latin1').split('\r\n\r\n')[0];
    assert(!/^(auto-submitted|list-|precedence)/im.test(head), `a ticket system drops\n${head}`);
  }
}

export async function ticket({ bin }) {
  if (!existsSync(setup)) throw new Skipped('Request Tracker (request-tracker5) is not here');
  const server = await MailServer.start();
  let registry;
  let tracker;
  try {
    registry = new Registry(bin, 20, 1, server, quiet);
    tracker = new Tracker();
    const refused = await registry.request('', 'POST', { url: `mailto:${mailbox}`, style: 'ticket' });
    assert.equal(refused.status, 400, 'a Party has no tickets of notices');
    await subscribed(registry, server);
    // The notice, two receipts and one removal of the registry's log, and nothing of its additions.
    await server.until(5);
    registry.submitNext();
    const { log_size: size } = await (await registry.get('/v1/status')).json();
    await until(60, 'that the addition was passed over', async () =>
      registry.cplWith(registry.desk_token, 'subscribe', 'list').subscriptions
        .some(({ cursor }) => cursor === size));
    const messages = server.taken.slice(1);
    assert.equal(messages.length, 4);
    await checkMessages(messages);
    const tickets = tracker.judge(messages.map(({ octets }) => octets));
    assert.equal(tickets.length, 1, 'one notice is one ticket');
    const [{ subject, messages: told }] = tickets;
    assert.match(subject, /^Removal notice, entry \d+$/);
    assert.equal(told.length, messages.length);
    const notice = values(told[0].text);
    assert.match(notice.Notice, /^entry \d+$/);
    assert.match(notice.Decision, /^entry \d+$/);
    assert.match(notice.Models, /^\d+: [A-Z]+-/);
    assert(!Number.isNaN(Date.parse(notice.Due)));
    assert.equal(notice['How to check'], `cpl desk check ${notice.Notice.split(' ')[1]}`);
    assert(notice.Address.endsWith(`/notices/${notice.Notice.split(' ')[1]}`));
    const steps = told.slice(1).map(({ text }) => values(text));
    assert.deepEqual(steps.map(({ Step }) => Step), ['received', 'validated', 'removed']);
    for (const step of steps) assert.equal(step.Notice, notice.Notice);
    return `Request Tracker: one ticket for a notice, with ${steps.length} follow-ups`;
  } finally {
    registry?.close();
    tracker?.close();
    server.close();
  }
}
