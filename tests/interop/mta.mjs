// Mail through Debian's Postfix: what it takes over STARTTLS, handles, and lays into a mailbox must
// say and verify the same as what left the registry; a mailbox that it refuses is quarantined.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync,
         rmSync, watch, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { checkDkim, checkEvent, checkGone, checkSmime, codeIn } from './mail.mjs';
import { quiet, Registry, Skipped, within } from './registry.mjs';

const postfix = '/usr/sbin/postfix';
const owner = 65534;  // Of the mailbox: Debian's nobody.

// Which mailboxes there are: Postfix asks it through a socket, as it would ask a directory, for
// each recipient anew (tcp_table(5)).
class Directory {
  static async start() {
    const directory = new Directory();
    directory.server = net.createServer((client) => {
      client.on('error', () => {});
      client.on('data', (data) => {
        for (const line of data.toString().trimEnd().split('\n')) {
          const there = line.endsWith('@party.example') &&
                        !directory.gone.has(line.replace(/^get /, ''));
          client.write(there ? '200 mailbox/\n' : '500 no such mailbox\n');
        }
      });
    });
    await new Promise((ready) => directory.server.listen(0, '127.0.0.1', ready));
    directory.port = directory.server.address().port;
    return directory;
  }

  constructor() {
    this.gone = new Set();
  }
}

async function freePort() {
  const server = net.createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

// Nothing of the machine's own Postfix is used but its programs.
const mainCf = (folder) => `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/state
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
inet_protocols = ipv4
inet_interfaces = loopback-only
myhostname = mx.party.example
mynetworks =
mydestination =
alias_maps =
local_transport = error:no local mail
default_transport = error:nothing leaves
smtpd_peername_lookup = no
smtpd_relay_restrictions = reject_unauth_destination
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = ${folder}/mail.pem
smtpd_tls_key_file = ${folder}/mail.key
smtpd_tls_received_header = yes
tls_random_source = dev:/dev/urandom
virtual_mailbox_domains = party.example
virtual_mailbox_base = ${folder}
virtual_mailbox_maps = static:mailbox/
virtual_uid_maps = static:${owner}
virtual_gid_maps = static:${owner}
`;

// smtpd asks the directory; virtual, which is trusted with user ids, asks no socket.
const masterCf = (port, directory) => `
127.0.0.1:${port} inet n - n - - smtpd -o virtual_mailbox_maps=tcp:127.0.0.1:${directory}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;

// The registry is told a CA that has signed the server's certificate, not the certificate itself.
function makeCertificates(folder) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
          '-days', '2', '-subj', '/CN=Mail CA', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
          '-subj', '/CN=localhost', '-keyout', 'mail.key', '-out', 'mail.csr');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost\n');
  openssl('x509', '-req', '-in', 'mail.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '2',
          '-extfile', 'names', '-out', 'mail.pem');
}

// Looks to the rest of the check as MailServer does.
class Postfix {
  static async start() {
    const server = new Postfix();
    try {
      server.directory = await Directory.start();
      server.gone = server.directory.gone;
      server.port = await freePort();
      server.configure();
      server.run('start');
      server.running = true;
    } catch (error) {
      server.close();
      throw error;
    }
    return server;
  }

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'cpl-mta-'));
    this.ca = join(this.folder, 'ca.pem');
    this.mailbox = join(this.folder, 'mailbox', 'new');
    this.taken = [];
    this.seen = new Set();
  }

  configure() {
    chmodSync(this.folder, 0o755);  // Postfix's programs are of other users.
    for (const name of ['config', 'queue']) mkdirSync(join(this.folder, name));
    for (const name of ['', 'new', 'cur', 'tmp']) {
      mkdirSync(join(this.folder, 'mailbox', name));
      chownSync(join(this.folder, 'mailbox', name), owner, owner);
    }
    makeCertificates(this.folder);
    writeFileSync(join(this.folder, 'config', 'main.cf'), mainCf(this.folder));
    writeFileSync(join(this.folder, 'config', 'master.cf'),
                  masterCf(this.port, this.directory.port));
  }

  run(command) {
    try {
      execFileSync(postfix, ['-c', join(this.folder, 'config'), command],
                   { stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
    } catch (error) {
      assert.fail(`postfix ${command}: ${error.stderr}${this.log()}`);
    }
  }

  log() {
    const file = join(this.folder, 'log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  // A file is whole when it is in `new` (maildir(5)).
  collect() {
    for (const name of readdirSync(this.mailbox).sort()) {
      if (this.seen.has(name)) continue;
      this.seen.add(name);
      const stored = readFileSync(join(this.mailbox, name), 'latin1');
      const received = stored.match(/^Received: .*\n(?:[ \t].*\n)*/m)[0];
      this.taken.push({
        stored: Buffer.from(stored, 'latin1'),
        octets: Buffer.from(stored.replaceAll('\n', '\r\n'), 'latin1'),  // As on the wire.
        received,
        from: stored.match(/^Return-Path: <(.*)>$/m)[1],
        to: stored.match(/^Delivered-To: (.*)$/m)[1],
      });
    }
  }

  async until(count) {
    let watcher;
    const arrived = new Promise((done, failed) => {
      const look = () => {
        this.collect();
        if (this.taken.length >= count) done();
      };
      watcher = watch(this.mailbox, look);
      watcher.on('error', failed);
      look();
    });
    try {
      await within(30, `${count} messages in the mailbox`, arrived);
    } catch (error) {
      assert.fail(`${error.message}\n${this.log()}`);
    } finally {
      watcher.close();
    }
  }

  close() {
    try {
      if (this.running) this.run('abort');
    } finally {
      this.directory?.server.close();
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

async function checkMessage(registry, message, event) {
  assert.match(message.received, /\(using TLSv1\.[23] with cipher /);
  assert.match(message.received, /by mx\.party\.example \(Postfix\) with ESMTPS id/);
  assert.equal(message.to, 'team@party.example');
  assert.match(message.from, /^bounces\+[0-9a-f]{16}@cpl\.example$/);
  await checkDkim(message, registry.mail.dns);
  checkSmime(registry, { octets: message.stored });
  checkEvent(registry, await simpleParser(message.stored), event);
}

async function checkMail(registry, server) {
  const filter = { types: ['entry.removed.v1', 'removal.announced.v1'] };
  const made = await registry.subscribe('mailto:team@party.example', filter);
  await server.until(1);
  const code = await codeIn(server.taken[0]);
  assert.equal((await registry.act(made.id, 'confirm', { code })).status, 202);
  const events = (await registry.events()).filter(
    (event) => filter.types.some((type) => event.type.endsWith(type)));
  assert.equal(events.length, 2);
  await server.until(1 + events.length);
  // Postfix may deliver two at once, so that they lie in the mailbox in any order.
  for (const [at, event] of events.entries()) {
    const message = server.taken.slice(1).find(
      ({ stored }) => stored.includes(`X-CPL-Sequence: ${event.sequence}\n`));
    assert(message, `no message tells event ${event.sequence}`);
    await checkMessage(registry, message, { ...event, prevsequence: events[at - 1]?.sequence });
  }
  const gone = await checkGone(registry, server, filter);
  const [last] = registry.cpl('subscribe', 'log', gone).deliveries;
  assert.equal(last.status, 550, JSON.stringify(last));
  assert.match(server.log(), /NOQUEUE: reject: RCPT .* 550 5\.1\.1 <gone@party\.example>/);
}

export async function mta(main) {
  if (process.getuid() !== 0) {
    throw new Skipped('Postfix changes to users of its own, which takes root');
  }
  if (!existsSync(postfix)) throw new Skipped('Postfix is not installed: tools/setup interop');
  const server = await Postfix.start();
  let registry;
  try {
    registry = new Registry(main.bin, 12, 0, server, quiet);
    await checkMail(registry, server);
    const [, version] = server.log().match(/daemon started -- version ([^ ,]+)/);
    return `postfix ${version}: a code and events with proofs over STARTTLS into a Maildir, ` +
           'where DKIM by RSA and Ed25519 (mailauth) and S/MIME (openssl cms) still verify; ' +
           'a mailbox refused with 550 in quarantine';
  } finally {
    registry?.close();
    server.close();
  }
}
