// A network of one's own to run a check in, with a name server of ours: what asks the C library, or
// the servers in resolv.conf, asks us, and nothing leaves. Root is not needed where the kernel lets
// users have such name spaces.
import dgram from 'node:dgram';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import packet from 'dns-packet';
import { Skipped } from './registry.mjs';

// Answers for the names in `hosts`: a text for TXT, or addresses; one may have other addresses each
// time that it is resolved.
export class NameServer {
  constructor(hosts) {
    this.hosts = hosts;
    this.asked = new Map();  // How often each name was resolved.
    this.socket = dgram.createSocket('udp4', (message, from) => {
      this.socket.send(this.answer(packet.decode(message)), from.port, from.address);
    });
  }

  start() {
    return new Promise((ready, failed) => {
      this.socket.once('error', failed).bind(53, '127.0.0.1', ready);
    });
  }

  answer({ id, questions: [question] }) {
    const { name, type } = question;
    const host = this.hosts.get(name.toLowerCase());
    const before = this.asked.get(name) ?? 0;
    // Each resolution of a host asks for A and for AAAA.
    if (type !== 'AAAA') this.asked.set(name, before + 1);
    return packet.encode({
      id,
      type: 'response',
      flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | (host ? 0 : 3),
      questions: [question],
      answers: this.found(host, type, before).map((data) => ({ name, type, ttl: 0, data })),
    });
  }

  found(host, type, before) {
    // A text is sent in strings of at most 255 octets.
    if (typeof host === 'string') return type === 'TXT' ? [host.match(/.{1,255}/g)] : [];
    const addresses = typeof host === 'function' ? host(before) : host ?? [];
    return addresses.filter((one) => (one.includes(':') ? 'AAAA' : 'A') === type);
  }
}

const settings = `
  ip link set lo up
  echo nameserver 127.0.0.1 >"$1/resolv.conf"
  echo hosts: files dns >"$1/nsswitch.conf"
  for file in resolv.conf nsswitch.conf; do mount --bind "$1/$file" "/etc/$file"; done
`;

// What the module `self`, run by itself with `args` and a folder, prints in a network of its own;
// `more` are shell commands that set more of it up.
export function inOwnNetwork(self, args, more = '') {
  // What is left of the processes within ends with the first of them.
  const spaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc',
                  ...(process.getuid() === 0 ? [] : ['--map-root-user'])];
  try {
    execFileSync('unshare', [...spaces, 'true'], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    throw new Skipped(`no name spaces of one's own here: ${error.stderr ?? error.message}`.trim());
  }
  const folder = mkdtempSync(join(tmpdir(), 'cpl-network-'));
  const script = `${settings}${more}\nshift; exec "$@"`;
  try {
    return execFileSync(
      'unshare', [...spaces, 'bash', '-euc', script, 'network', folder,
                  process.execPath, self, ...args, folder],
      { cwd: dirname(self), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'],
        timeout: 60_000 }).trimEnd();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
