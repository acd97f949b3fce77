// The judge in a browser against `cpl verify --json`: the same answer to the letter, of what is
// genuine, forged, broken or none of ours.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judge } from '../../tools/verifier/judge.mjs';
import { Witness } from './cosigned.mjs';
import { genuineFiles, keepFiles, verifierPage } from './verifier_page.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const mutations = Number(process.env.CPL_VERDICTS ?? 400);
const corpora = join(here, '../fuzz/corpus');

// The same row of numbers each time (mulberry32).
function randomOf(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function nativeAnswer(registry, file, policy, more) {
  return new Promise((resolve) => {
    execFile(join(registry.bin, 'cpl'), ['verify', file, '--policy', policy, ...more, '--json'],
             { encoding: 'utf8', env: { PATH: process.env.PATH } },
             (_error, stdout) => resolve(stdout.trimEnd()));
  });
}

async function browserAnswer(module, file, policy, { expect, entry }) {
  const proof = file.replace(/\.[^./]*$/, '.proof');
  return judge(module, crypto.subtle, {
    content: readFileSync(file),
    name: file,
    policy: readFileSync(policy),
    policyName: policy,
    expect,
    entry: entry && readFileSync(entry),
    extractProof: existsSync(proof) ? readFileSync(proof) : undefined,
  }, { now: Date.now() });
}

class Comparison {
  counts = {};

  constructor(registry, module) {
    this.registry = registry;
    this.module = module;
  }

  async compare(file, policy, { expect, entry } = {}) {
    const more = [...(expect ? ['--expect', expect] : []), ...(entry ? ['--entry', entry] : [])];
    const [native, inBrowser] = await Promise.all([
      nativeAnswer(this.registry, file, policy, more),
      browserAnswer(this.module, file, policy, { expect, entry }),
    ]);
    assert.equal(inBrowser, native, `${file} ${more.join(' ')}`);
    const { verdict, error } = JSON.parse(native);
    const outcome = verdict ?? `refused (${error.code})`;
    this.counts[outcome] = (this.counts[outcome] ?? 0) + 1;
    return verdict;
  }
}

// Evidence that somebody changed on purpose, as JSON.
function forgeries(evidence, other) {
  const changed = (change) => {
    const copy = structuredClone(evidence);
    change(copy);
    return copy;
  };
  const flipped = (text) => text.replace(/[A-Za-z0-9](?=[^\n]*\n*$)/, (c) => (c === 'A' ? 'B' : 'A'));
  const forged = [
    changed((e) => { e.question = 'model'; }),
    changed((e) => { e.subject = 'ESME-1063-00050203-0BADF00D'; }),
    changed((e) => { e.last = e.entries[0]; }),
    changed((e) => { e.last.proof = other.last.proof; }),
    changed((e) => { e.states = other.states; }),
    changed((e) => { e.states = []; }),
    changed((e) => { e.states.push(...e.states); }),
    changed((e) => { e.entries.reverse(); }),
    changed((e) => { e.format = 'cpl/evidence/v2'; }),
    changed((e) => { e.note = 'more than there may be'; }),
    changed((e) => { delete e.last; }),
  ];
  evidence.entries.forEach((entry, at) => {
    forged.push(
      changed((e) => { e.entries.splice(at, 1); }),
      changed((e) => { e.entries.splice(at, 0, entry); }),
      changed((e) => { e.entries[at].proof = flipped(entry.proof); }),
      changed((e) => { e.entries[at].entry = flipped(entry.entry); }),
      // One signer too few, and one who signs twice.
      changed((e) => { e.entries[at].entry = entry.entry.replace(/\n— [^\n]*\n$/, '\n'); }),
      changed((e) => { e.entries[at].entry = entry.entry.replace(/(\n— [^\n]*)\n$/, '$1$1\n'); }),
      changed((e) => { e.entries[at].entry = entry.entry.replace('removal', 'addition'); }));
  });
  return forged;
}

function mutated(octets, random) {
  let text = Buffer.from(octets);
  const letters = Buffer.from('{}[]",:0123456789-+.eE\\u\x01\x7f\xc3 tfn\nABCabc=/', 'latin1');
  for (let changes = random(3) + 1; changes > 0 && text.length > 0; --changes) {
    const at = random(text.length);
    const letter = letters.subarray(random(letters.length)).subarray(0, 1);
    const kinds = [
      () => { text[at] = letter[0]; },
      () => { text[at] ^= 1 << random(8); },
      () => { text = Buffer.concat([text.subarray(0, at), text.subarray(at + 1 + random(40))]); },
      () => { text = Buffer.concat([text.subarray(0, at), letter, text.subarray(at)]); },
      () => {
        const from = random(text.length);
        const piece = text.subarray(from, from + random(200));
        text = Buffer.concat([text.subarray(0, at), piece, text.subarray(at)]);
      },
    ];
    kinds[random(kinds.length)]();
  }
  return text;
}

async function compareGenuine(comparison, folder, policy) {
  const of = (name) => join(folder, name);
  for (const name of readdirSync(folder)) {
    if (name === 'entry.leaf' || name.endsWith('.proof')) continue;
    const entry = name === 'entry.tlog-proof' ? of('entry.leaf') : undefined;
    const verdict = await comparison.compare(of(name), policy, { entry });
    const wanted = name.startsWith('extract') ? /^INVALID$/ : /^VALID/;  // Unsigned as it lies here.
    assert.match(verdict, wanted, name);
  }
  await comparison.compare(of('entry.tlog-proof'), policy);  // Whose entry is missing.
}

async function compareExpected(comparison, folder, policy, { removed, notice }) {
  for (const [name, ...asked] of [
    ['notice.json', `notice:${notice}`, 'notice:1', 'nonsense'],
    ['removal.json', `removal:${removed}`, `model:${removed}`, `model:${removed}@3`],
    ['model.json', `model:${removed}`],
    ['entry.tlog-proof', `entry:${notice}`, 'entry:1'],
    ['extract.json', 'extract:1', 'extract:2', 'extract:1@1'],
  ]) {
    const entry = name === 'entry.tlog-proof' ? join(folder, 'entry.leaf') : undefined;
    for (const expect of asked) {
      await comparison.compare(join(folder, name), policy, { expect, entry });
    }
  }
}

// Points for which anybody can sign, and one that is not reduced.
const weakKeys = ['00', '01', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
                  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
                  `ec${'ff'.repeat(30)}7f`, `ee${'ff'.repeat(31)}`];

function logKey(name, point) {
  const typed = Buffer.concat([Buffer.from([1]), Buffer.from(point.padEnd(64, '0'), 'hex')]);
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest('hex').slice(0, 8);
  return `${name}+${id}+${typed.toString('base64')}`;
}

// Policies that trust another log, ask for a witness, or are none.
async function comparePolicies(comparison, folder, policy) {
  const text = readFileSync(policy, 'utf8');
  const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const others = [
    readFileSync(join(corpora, 'policy/log')), readFileSync(join(corpora, 'policy/group')), '',
    'quorum none\n', text.replace('+', '-'), text.replaceAll('\n', '\r\n'), `\uFEFF${text}`,
    text.replace(/quorum none/, `witness w ${key}\nquorum w`), text + text,
    ...weakKeys.map((weak) => `log ${logKey('weak.example/log', weak)}\nquorum none\n`),
  ];
  for (const [at, other] of others.entries()) {
    const file = join(folder, '..', `policy-${at}.txt`);
    writeFileSync(file, other);
    for (const name of ['removal.json', 'entry.tlog-proof', 'extract.csv']) {
      const entry = name === 'entry.tlog-proof' ? join(folder, 'entry.leaf') : undefined;
      await comparison.compare(join(folder, name), file, { entry });
    }
  }
  const refusal = await browserAnswer(comparison.module, join(folder, 'removal.json'),
                                      join(folder, '..', `policy-${others.length - 1}.txt`), {});
  assert.match(refusal, /this is a weak point/);
}

// Seen by a witness of the policy now, long ago and in times to come; and by one that is not its own.
async function compareWitnessed(comparison, folder, policy) {
  const witness = Witness.make('witness.example/w1');
  const stranger = Witness.make('witness.example/w1');
  const asking = join(folder, '..', 'policy-witness.txt');
  writeFileSync(asking, witness.addedTo(readFileSync(policy, 'utf8')));
  const read = (name) => readFileSync(join(folder, name), 'utf8');
  const verdicts = [];
  for (const [who, ago] of [[witness, 1_000], [witness, 3 * 86_400_000], [witness, -86_400_000],
                            [stranger, 1_000]]) {
    const time = Date.now() - ago;
    const file = join(folder, '..', 'witnessed.json');
    writeFileSync(file, who.cosigned(read('removal.json'), time));
    verdicts.push(await comparison.compare(file, asking));
    const proof = join(folder, '..', 'witnessed.tlog-proof');
    writeFileSync(proof, who.cosignedProof(read('entry.tlog-proof'), time));
    verdicts.push(await comparison.compare(proof, asking, { entry: join(folder, 'entry.leaf') }));
  }
  assert.deepEqual(verdicts.slice(0, 4), ['VALID, provisional', 'VALID', 'VALID, stale', 'VALID, stale']);
  assert.deepEqual(verdicts.slice(6), ['INVALID', 'INVALID']);
}

async function compareCorpora(comparison, policy) {
  for (const kind of readdirSync(corpora)) {
    for (const name of readdirSync(join(corpora, kind))) {
      const file = join(corpora, kind, name);
      if (name === 'xlsx' || !statSync(file).isFile()) continue;
      // A list without its proof is no question to the judge.
      if (kind === 'extract') continue;
      await comparison.compare(file, policy);
    }
  }
}

async function compareAll(contents, work) {
  const waiting = contents.entries();
  const workers = Array.from({ length: availableParallelism() }, async () => {
    for (const [at, content] of waiting) await work(at, content);
  });
  await Promise.all(workers);
}

async function compareForgeries(comparison, folder, policy) {
  const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const evidence = ['removal.json', 'notice.json', 'decision.json', 'model.json'].map(read);
  const forged = evidence.flatMap((each, at) =>
    forgeries(each, evidence[(at + 1) % evidence.length]).map((one) => JSON.stringify(one, null, 1)));
  await compareAll(forged, async (at, content) => {
    const file = join(folder, '..', `forged-${at}.json`);
    writeFileSync(file, `${content}\n`);
    await comparison.compare(file, policy);
  });
  return forged.length;
}

async function compareMutations(comparison, folder, policy) {
  const random = randomOf(20261201);
  const names = readdirSync(folder).filter((name) => !/leaf|proof$|^extract/.test(name));
  const contents = Array.from({ length: mutations }, () =>
    mutated(readFileSync(join(folder, names[random(names.length)])), random));
  await compareAll(contents, async (at, content) => {
    const file = join(folder, '..', `mutation-${at % 16}-${at}.json`);
    writeFileSync(file, content);
    await comparison.compare(file, policy);
  });
}

// What the tests of registry/evidence judged, where they were told to keep it (CPL_KEEP_JUDGED).
async function compareKept(comparison, folder) {
  const names = readdirSync(folder);
  const policies = names.filter((name) => name.endsWith('.policy')).map((name) => join(folder, name));
  const files = names.filter((name) => name.endsWith('.json'));
  assert(policies.length > 0 && files.length > 0, `${folder} holds nothing that was judged`);
  await compareAll(files, async (_at, name) => {
    for (const policy of policies) await comparison.compare(join(folder, name), policy);
  });
  return files.length;
}

export async function verifierCompare(registry) {
  const page = verifierPage(registry);
  const { files, ...asked } = await genuineFiles(registry);
  const folder = join(registry.folder, 'compared', 'genuine');
  keepFiles(registry, folder, files);
  const comparison = new Comparison(registry, await WebAssembly.compile(page.judge));
  await compareGenuine(comparison, folder, registry.policy);
  await compareExpected(comparison, folder, registry.policy, asked);
  await comparePolicies(comparison, folder, registry.policy);
  await compareWitnessed(comparison, folder, registry.policy);
  await compareCorpora(comparison, registry.policy);
  const forged = await compareForgeries(comparison, folder, registry.policy);
  await compareMutations(comparison, folder, registry.policy);
  const kept = process.env.CPL_JUDGED ? await compareKept(comparison, process.env.CPL_JUDGED) : 0;
  const counts = Object.entries(comparison.counts).sort().map(([is, count]) => `${count} ${is}`);
  return `the judge in WebAssembly says what cpl verify --json says, to the letter, ` +
         `${forged} forgeries, ${mutations} mutations and ${kept} files of tests among them: ${counts.join(', ')}`;
}
