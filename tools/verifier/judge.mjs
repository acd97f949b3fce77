// The judge, and what it asks of its surroundings. SHA-256 it is told at once. Signatures only
// WebCrypto can check, and it answers later: so the judge runs, each question it has is noted and
// taken for a yes, all that were noted are checked, and where one was a no it runs again with what
// is known, until it asks nothing new. It is a pure function: the same answers, the same verdict.
import { sha256 } from '@noble/hashes/sha2.js';

const ed25519 = 0;
const roundsMax = 64;
const places = ['content', 'name', 'policy', 'policyName', 'expect', 'entry', 'signature',
                'extractProof', 'openings'];
const p256 = { name: 'ECDSA', namedCurve: 'P-256' };

export class NoEd25519 extends Error {}

const hex = (octets) => Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
export const sha256Hex = (octets) => hex(sha256(octets));

// Reads the INTEGER of a signature at `at`: its octets without the sign's zero, and where it ends.
// Nothing where it is not in its one form (X.690, 8.3 and 10.1), or is negative or too long.
function integerOf(der, at) {
  const size = der[at + 1];
  const end = at + 2 + size;
  if (der[at] !== 2 || !(size >= 1 && size <= 33) || end > der.length) return undefined;
  const isPadded = der[at + 2] === 0 && size > 1;
  if (der[at + 2] > 127 || (isPadded && der[at + 3] < 128)) return undefined;
  const octets = der.subarray(at + 2 + (isPadded ? 1 : 0), end);
  return octets.length > 32 ? undefined : { octets, end };
}

// An ECDSA signature as WebCrypto takes it, r and s of 32 octets each; nothing where the DER is not
// the one encoding of two numbers.
export function rawOfDer(der) {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der[1] > 127) return undefined;
  const r = integerOf(der, 2);
  const s = r && integerOf(der, r.end);
  if (!s || s.end !== der.length) return undefined;
  const raw = new Uint8Array(64);
  raw.set(r.octets, 32 - r.octets.length);
  raw.set(s.octets, 64 - s.octets.length);
  return raw;
}

async function isP256Key(subtle, spki) {
  try {
    await subtle.importKey('spki', spki, p256, false, ['verify']);
    return true;
  } catch {
    return false;  // Not on the curve.
  }
}

export async function verifies(subtle, { algorithm, key, message, signature }) {
  if (algorithm === ed25519) {
    const read = await subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
    return subtle.verify('Ed25519', read, signature, message);
  }
  const raw = rawOfDer(signature);
  if (!raw) return false;
  const read = await subtle.importKey('spki', key, p256, false, ['verify']);
  return subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, read, raw, message);
}

// Of RFC 8032, section 7.1, test 1. A browser that cannot say yes to it can judge nothing.
const known = {
  algorithm: ed25519,
  key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  message: '',
  signature: 'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb88215' +
             '90a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
};
const octetsOf = (text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));

export async function checkEd25519(subtle) {
  const question = Object.fromEntries(Object.entries(known).map(
    ([name, value]) => [name, typeof value === 'string' ? octetsOf(value) : value]));
  let works = false;
  try {
    works = await verifies(subtle, question);
  } catch {
    // It does not know the name of the algorithm.
  }
  if (!works) throw new NoEd25519('this browser cannot check Ed25519 signatures');
}

// What was asked and answered so far, and what is still open.
class Memo {
  answers = new Map();
  open = [];

  ask(question) {
    const { kind, algorithm, key, message, signature } = question;
    const id = [kind, algorithm, hex(key), message ? sha256Hex(message) : '',
                signature ? hex(signature) : ''].join(' ');
    if (!this.answers.has(id)) {
      this.answers.set(id, true);  // Hoped for; if it is not so, the next round knows.
      this.open.push({ id, ...question });
    }
    return this.answers.get(id) ? 1 : 0;
  }

  // Whether all that was hoped for was so.
  async settle(subtle) {
    const open = this.open;
    this.open = [];
    const answers = await Promise.all(open.map((question) => question.kind === 'key'
      ? isP256Key(subtle, question.key) : verifies(subtle, question)));
    open.forEach(({ id }, at) => this.answers.set(id, answers[at]));
    return answers.every(Boolean);
  }
}

// What a C library asks of a system: here are no files, no variables, and nobody to end.
function noSystem(view) {
  const noSuchFile = () => 8;
  return {
    environ_get: () => 0,
    environ_sizes_get: (count, size) => {
      view(count, 4).fill(0);
      view(size, 4).fill(0);
      return 0;
    },
    fd_close: noSuchFile,
    fd_seek: noSuchFile,
    fd_write: noSuchFile,
    proc_exit: (status) => { throw new Error(`the judge ended itself with ${status}`); },
  };
}

// One run, in a memory of its own.
async function start(module, memo) {
  let memory;
  const view = (at, size) => new Uint8Array(memory.buffer, at, size);
  const copy = (at, size) => view(at, size).slice();
  const { exports } = await WebAssembly.instantiate(module, {
    page: {
      sha256: (at, size, hash) => view(hash, 32).set(sha256(view(at, size))),
      is_p256_key: (at, size) => memo.ask({ kind: 'key', algorithm: 1, key: copy(at, size) }),
      verifies: (algorithm, key, keySize, message, messageSize, signature, signatureSize) =>
        memo.ask({
          kind: 'signature',
          algorithm,
          key: copy(key, keySize),
          message: copy(message, messageSize),
          signature: copy(signature, signatureSize),
        }),
    },
    wasi_snapshot_preview1: noSystem(view),
  });
  memory = exports.memory;
  exports._initialize();
  return {
    exports,
    give(place, octets) {
      const at = exports.room(octets.length);
      view(at, octets.length).set(octets);
      exports.give(places.indexOf(place), at, octets.length);
    },
    answer(size) {
      return new TextDecoder().decode(view(exports.answer(), size));
    },
  };
}

async function run(module, subtle, given, ask) {
  const memo = new Memo();
  for (let round = 1; round <= roundsMax; ++round) {
    const judge = await start(module, memo);
    for (const [place, value] of Object.entries(given)) {
      if (value === undefined) continue;
      judge.give(place, typeof value === 'string' ? new TextEncoder().encode(value) : value);
    }
    const answer = judge.answer(ask(judge.exports));
    if (await memo.settle(subtle)) return answer;
  }
  throw new Error('the judge came to no end');
}

// The answer as `cpl verify --json` prints it. `given` has texts or octets by the names of places.
export function judge(module, subtle, given, { now, ageSecondsMax = 86400 }) {
  return run(module, subtle, given, (exports) => exports.judge(now, ageSecondsMax));
}

export async function images(module, subtle, content) {
  return JSON.parse(await run(module, subtle, { content }, (exports) => exports.images()));
}

export async function opened(module, subtle, content, openings) {
  return JSON.parse(await run(module, subtle, { content, openings },
                              (exports) => exports.opened()));
}

export async function sheet(module, subtle, content, now) {
  return JSON.parse(await run(module, subtle, { content }, (exports) => exports.sheet(now)));
}
