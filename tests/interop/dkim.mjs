// DKIM, judged by two of Debian's programs as a receiver runs them: dkimpy and OpenDKIM read a
// message that the service sent and ask DNS for its keys, which is a name server of ours.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inOwnNetwork, NameServer } from './network.mjs';
import { Skipped, within } from './registry.mjs';

const self = fileURLToPath(import.meta.url);
const judges = ['/usr/bin/dkimverify', '/usr/sbin/opendkim-testmsg'];
const field = /^DKIM-Signature: v=1; a=([^;]+);.*\r\n(?:[ \t].*\r\n)*/gm;

// What must not pass, in what is signed and in what is a promise to the reader.
const alterations = {
  body: [/\r\n\r\n([^]*)never asks/, '\r\n\r\n$1now asks'],
  subject: [/^Subject: /m, 'Subject: Urgent: '],
  unsubscription: [/^List-Unsubscribe: <https:\/\/cpl\./m, 'List-Unsubscribe: <https://cp1.'],
};

// With one of its signatures alone: a judge may be content with either.
function signedOnce(message) {
  return [...message.matchAll(field)].map(([kept, algorithm]) => ({
    algorithm,
    message: message.replaceAll(field, (one) => (one === kept ? one : '')),
  }));
}

function passes(judge, message) {
  return new Promise((done, failed) => {
    const running = spawn(judge, { stdio: ['pipe', 'ignore', 'ignore'] });
    running.on('error', failed);
    running.on('close', (status) => done(status === 0));
    running.stdin.end(message, 'latin1');
  });
}

async function inside(file) {
  const { dns, messages } = JSON.parse(readFileSync(file, 'utf8'));
  const names = new NameServer(new Map(Object.entries(dns)));
  await names.start();
  const counts = { 'rsa-sha256': 0, 'ed25519-sha256': 0 };
  const applied = new Set();
  let refused = 0;
  for (const { algorithm, message } of messages.flatMap(signedOnce)) {
    await Promise.all(judges.map(async (judge) => {
      assert(await passes(judge, message), `${judge}: ${algorithm} does not pass`);
      for (const [what, [from, to]] of Object.entries(alterations)) {
        const altered = message.replace(from, to);
        if (altered === message) continue;  // A code has nothing to unsubscribe from.
        applied.add(what);
        assert(!await passes(judge, altered), `${judge}: ${algorithm}, altered ${what} passes`);
        refused += 1;
      }
    }));
    counts[algorithm] += 1;
  }
  assert.deepEqual(Object.values(counts), [messages.length, messages.length]);
  assert.equal(applied.size, Object.keys(alterations).length);
  for (const name of Object.keys(dns)) {
    assert(names.asked.get(name) >= messages.length * judges.length + refused / 2, name);
  }
  return `dkimverify, opendkim-testmsg: ${messages.length} mails pass by RSA alone and by Ed25519 ` +
         `alone, with keys from DNS; of ${refused} altered ones none passes`;
}

// Judges what the mail server has taken so far.
export async function dkim(registry) {
  for (const judge of judges) {
    if (!existsSync(judge)) throw new Skipped(`${judge} is not installed: tools/setup interop`);
  }
  const messages = registry.mail.server.taken.map(({ octets }) => octets.toString('latin1'));
  assert(messages.length > 2, 'no mail was sent');
  const file = join(registry.folder, 'mails.json');
  writeFileSync(file, JSON.stringify({ dns: registry.mail.dns, messages }));
  return inOwnNetwork(self, [file]);
}

if (process.argv[1] === self) {
  console.log(await within(55, 'the check', inside(process.argv[2])));
  process.exit(0);
}
