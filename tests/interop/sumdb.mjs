// golang.org/x/mod/sumdb, the Go project's own notes and tile logs, from Debian's package: reads the
// log over HTTP, checks proofs that cpl wrote, and signs a statement that the service takes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quiet, Registry, Skipped } from './registry.mjs';

const sources = join(dirname(fileURLToPath(import.meta.url)), 'go');
const packages = '/usr/share/gocode';  // Where Debian keeps Go's.

function build(folder) {
  if (!existsSync(join(packages, 'src/golang.org/x/mod/sumdb/note'))) {
    throw new Skipped('golang-golang-x-mod-dev is not installed');
  }
  const program = join(folder, 'logcheck');
  try {
    execFileSync('go', ['build', '-o', program, '.'], {
      cwd: sources,
      env: {
        ...process.env, GO111MODULE: 'off', GOPATH: packages, GOFLAGS: '',
        GOCACHE: join(folder, 'cache'),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch (error) {
    if (error.code === 'ENOENT') throw new Skipped('Go (golang-go) is not installed');
    throw error;
  }
  return program;
}

class Check {
  constructor(bin, folder) {
    this.folder = folder;
    this.program = build(folder);
    this.registry = new Registry(bin, 530, 12, undefined, quiet);
    this.keys = dirname(this.registry.policy);
    this.logKey = join(this.keys, 'log.key.pub');
  }

  run(...args) {
    return JSON.parse(execFileSync(this.program, args, { encoding: 'utf8' }));
  }

  file(name, content) {
    const path = join(this.folder, name);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  }

  // A checkpoint of each size that the log has while it grows.
  async log() {
    const checkpoints = [];
    while (this.registry.later.length > 1) {
      const note = await (await this.registry.get('/checkpoint')).text();
      checkpoints.push(this.file(`checkpoint-${checkpoints.length}`, note));
      this.registry.submitNext();
    }
    const { size, checkpoints: opened, partial, identity, gzip } =
      this.run('log', this.registry.server, this.logKey, ...checkpoints);
    assert.equal(opened, 12);
    assert(size > 512 && partial > 0, 'it has full tiles and partial ones');
    assert(gzip > 0 && identity === 0, 'with gzip and without');
    return { size, opened };
  }

  proofs() {
    const removed = this.registry.cpl('list', '--status', 'removed', '--limit', '1').models[0].id;
    const file = this.file('removal.json');
    this.registry.cpl('prove', removed, '--out', file);
    const { proofs } = this.run('evidence', this.logKey, file);
    assert(proofs > 4);
    assert.throws(() => execFileSync(this.program,
                                     ['evidence', join(this.keys, 'registrar-1.key.pub'), file],
                                     { stdio: 'pipe' }));
    return proofs;
  }

  // Octet for octet what cpl signed, and taken by the service.
  sign() {
    const [statement] = this.registry.later;
    const signed = this.file('signed.stmt');
    const keys = ['registrar-1.key', 'registrar-2.key'].map((name) => join(this.keys, name));
    const { signatures } = this.run('sign', statement, signed, ...keys);
    this.registry.later = [signed];
    this.registry.submitNext();
    return signatures;
  }
}

export async function sumdb(main) {
  const folder = mkdtempSync(join(tmpdir(), 'cpl-sumdb-'));
  let check;
  try {
    check = new Check(main.bin, folder);
    const { size, opened } = await check.log();
    const proofs = check.proofs();
    const signatures = check.sign();
    return `golang.org/x/mod/sumdb: ${opened} checkpoints opened, each of ${size} entries proven ` +
           'and each size extended, from tiles and bundles, plain and gzip; ' +
           `${proofs} proofs of cpl prove hold; what it signed with ${signatures} keys is an entry`;
  } finally {
    check?.registry.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
