// Signatures at the edges of what the standards allow: what the verifier in a browser says of each,
// in Node.js and in Chromium, against OpenSSL, by which the programs judge.
import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifies } from '../../tools/verifier/judge.mjs';
import { launchBrowser } from './page_walk.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const tools = join(here, '../../tools/verifier');
const vectors = join(here, '../../../shared/vectors');
const order25519 = 2n ** 252n + 27742317777372353535851937790883648493n;
const orderP256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const ed25519Begin = Buffer.from('302a300506032b6570032100', 'hex');

const littleEndian = (octets) => BigInt(`0x${Buffer.from(octets).reverse().toString('hex')}`);
const fromBig = (value, size) => Buffer.from(value.toString(16).padStart(size * 2, '0'), 'hex');

// Those of ours, around one good signature of each kind.
function ownEd25519() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const message = Buffer.from('cpl.example/log\n');
  const good = sign(null, message, privateKey);
  const s = littleEndian(good.subarray(32));
  const withS = (value) => Buffer.concat([good.subarray(0, 32), fromBig(value, 32).reverse()]);
  const zeros = Buffer.alloc(64);
  const one = Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]);
  const smallKeys = ['00', '01', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f']
    .map((hex) => Buffer.from(hex.padEnd(64, '0'), 'hex'));
  const signatures = [good, withS(s + order25519), withS(0n), withS(order25519), withS(s ^ 1n), zeros,
                      one, good.subarray(0, 63), Buffer.concat([good, zeros.subarray(0, 1)]),
                      Buffer.alloc(0)];
  const cases = signatures.map((signature) => ({ algorithm: 0, key, message, signature }));
  for (const small of smallKeys) {
    for (const signature of [zeros, one, good]) cases.push({ algorithm: 0, key: small, message, signature });
  }
  return cases;
}

function integer(octets) {
  return Buffer.concat([Buffer.from([2, octets.length]), octets]);
}
function sequence(...parts) {
  const inside = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0x30, inside.length]), inside]);
}
function derOf(value) {
  const octets = fromBig(value, Math.max(1, Math.ceil(value.toString(16).length / 2)));
  return integer(octets[0] > 127 ? Buffer.concat([Buffer.from([0]), octets]) : octets);
}

function ownP256() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const message = Buffer.from('cpl.example/log\n');
  const raw = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const [r, s] = [raw.subarray(0, 32), raw.subarray(32)].map((part) => BigInt(`0x${part.toString('hex')}`));
  const good = sequence(derOf(r), derOf(s));
  const signatures = [
    good,
    sequence(derOf(r), derOf(orderP256 - s)),  // Also a signature: either of the two S is.
    sequence(derOf(r), derOf(s + orderP256)), sequence(derOf(r + orderP256), derOf(s)),
    sequence(derOf(0n), derOf(s)), sequence(derOf(r), derOf(0n)),
    sequence(derOf(orderP256), derOf(s)), sequence(derOf(r), derOf(orderP256)),
    // Padded, negative, cut, with more behind or inside, with lengths in their long form.
    sequence(integer(Buffer.concat([Buffer.alloc(2), fromBig(r, 32)])), derOf(s)),
    sequence(integer(Buffer.concat([Buffer.from([0xff]), fromBig(r, 32)])), derOf(s)),
    sequence(integer(Buffer.from([0x80])), derOf(s)), sequence(integer(Buffer.alloc(0)), derOf(s)),
    good.subarray(0, good.length - 1), Buffer.concat([good, Buffer.alloc(1)]),
    sequence(derOf(r), derOf(s), derOf(1n)), sequence(derOf(r)), sequence(),
    Buffer.concat([Buffer.from([0x30, 0x81, good[1]]), good.subarray(2)]),
    Buffer.concat([Buffer.from([0x31]), good.subarray(1)]),
    Buffer.from(good).fill(3, 2, 3), raw, Buffer.alloc(0), Buffer.from([0x30]), Buffer.from([0x30, 0]),
  ];
  return signatures.map((signature) => ({ algorithm: 1, key, message, signature }));
}

// Project Wycheproof's, where they are at hand.
function published() {
  const read = (name) => {
    const file = join(vectors, name);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).testGroups : [];
  };
  const cases = (groups, algorithm, keyOf) => groups.flatMap((group) => group.tests.map((test) => ({
    algorithm,
    key: Buffer.from(keyOf(group), 'hex'),
    message: Buffer.from(test.msg, 'hex'),
    signature: Buffer.from(test.sig, 'hex'),
  })));
  const key = (group) => group.publicKey ?? group.key;
  return [
    ...cases(read('wycheproof-ed25519.json'), 0, (group) => key(group).pk),
    ...cases(read('wycheproof-ecdsa-p256-sha256.json'), 1, (group) => group.publicKeyDer ?? group.keyDer),
  ];
}

function byOpenSsl({ algorithm, key, message, signature }) {
  const der = algorithm === 0 ? Buffer.concat([ed25519Begin, key]) : key;
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(algorithm === 0 ? null : 'sha256', message, publicKey, signature);
}

async function byBrowser(cases) {
  const { build } = createRequire(join(tools, 'package.json'))('esbuild');
  const { outputFiles: [{ text }] } = await build({
    entryPoints: [join(tools, 'judge.mjs')], bundle: true, format: 'iife', globalName: 'judge',
    write: false,
  });
  const browser = await launchBrowser();
  try {
    const tab = await browser.newPage();
    await tab.goto(`file://${join(here, 'package.json')}`);  // Cryptography is for secure places.
    await tab.evaluate(`${text}; globalThis.judge = judge;`);
    const hex = cases.map((one) => Object.fromEntries(Object.entries(one).map(
      ([name, value]) => [name, typeof value === 'number' ? value : value.toString('hex')])));
    /* global judge */
    return await tab.evaluate(async (given) => {
      const octets = (text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));
      return Promise.all(given.map((one) => judge.verifies(crypto.subtle, {
        algorithm: one.algorithm, key: octets(one.key), message: octets(one.message),
        signature: octets(one.signature),
      })));
    }, hex);
  } finally {
    await browser.close();
  }
}

export async function verifierKeys() {
  const own = [...ownEd25519(), ...ownP256()];
  const others = published();
  const cases = [...own, ...others];
  const wanted = cases.map(byOpenSsl);
  const inNode = await Promise.all(cases.map((one) => verifies(crypto.subtle, one)));
  const inBrowser = await byBrowser(cases);
  cases.forEach(({ algorithm, key, signature }, at) => {
    const told = [algorithm, key.toString('hex'), signature.toString('hex')].join(' ');
    assert.deepEqual([inNode[at], inBrowser[at]], [wanted[at], wanted[at]], told);
  });
  const valid = wanted.filter(Boolean).length;
  assert(valid > 2 && valid < cases.length);
  return `${cases.length} signatures at the edges (${others.length} of Project Wycheproof's), ` +
         `${valid} of them good: Node.js and Chromium say what OpenSSL says`;
}
