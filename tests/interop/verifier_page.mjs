// The page that judges in a browser, as `cpl verifier` gives it, and what there is to judge.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Skipped } from './registry.mjs';

// Its file, its text and the judge in it.
export function verifierPage(registry) {
  const file = join(registry.folder, 'check.html');
  const made = spawnSync(join(registry.bin, 'cpl'), ['verifier', '--out', file, '--force', '--json'],
                         { encoding: 'utf8' });
  const told = JSON.parse(made.stdout);
  if (told.error?.code === 'verifier-not-built') {
    throw new Skipped('cpl was built without the page: tools/setup verifier');
  }
  assert.equal(made.status, 0, made.stderr);
  const html = readFileSync(file, 'utf8');
  const [, judge] = html.match(/<script type="text\/plain" id="judge">([^<]*)<\/script>/);
  return { file, html, hash: told.sha256, judge: Buffer.from(judge, 'base64') };
}

export function cplJson(registry, ...args) {
  return JSON.parse(execFileSync(join(registry.bin, 'cpl'), [...args, '--json'], {
    env: { ...process.env, CPL_SERVER: registry.server }, encoding: 'utf8',
  }));
}

// One file of each kind that the registry gives out, by name; each a Buffer.
export async function genuineFiles(registry) {
  const octets = async (path) => Buffer.from(await (await registry.get(path)).arrayBuffer());
  const { models: [removed] } = cplJson(registry, 'list', '--status', 'removed', '--limit', '1');
  const { models: [listed] } = cplJson(registry, 'list', '--status', 'listed', '--limit', '1');
  const entryOf = async (type) =>
    (await (await registry.get(`/v1/entries?type=${type}&limit=1`)).json()).entries[0].index;
  const notice = await entryOf('notice');
  const events = await registry.events();
  const files = {
    'removal.json': await octets(`/v1/models/${removed.id}/evidence`),
    'model.json': await octets(`/v1/models/${listed.id}/evidence`),
    'never.json': await octets('/v1/models/ESME-1063-00050203-0BADF00D/evidence'),
    'notice.json': await octets(`/v1/notices/${notice}/evidence`),
    'decision.json': await octets(`/v1/decisions/${await entryOf('decision')}/evidence`),
    'entry.tlog-proof': await octets(`/v1/entries/${notice}/proof`),
    'entry.leaf': await octets(`/v1/entries/${notice}/leaf`),
  };
  for (const event of new Map(events.map((each) => [each.type, each])).values()) {
    files[`event-${event.type}.json`] = Buffer.from(JSON.stringify(event));
  }
  return { files, removed: removed.id, notice };
}

// They lie in one folder, as somebody would keep them. The extract comes without its signature,
// which is not judged in a browser.
export function keepFiles(registry, folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  for (const name of ['extract.csv', 'extract.json', 'extract.proof']) {
    const made = join(registry.folder, 'registry', 'extract', name);
    writeFileSync(join(folder, name), readFileSync(made));
  }
}
