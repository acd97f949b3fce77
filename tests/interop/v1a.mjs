// Standard Webhooks' v1a tokens, which the libraries of the other tokens do not check, by openssl:
// Ed25519 over the id, the time and the body.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const spki = Buffer.from('302a300506032b6570032100', 'hex');  // RFC 8410: what comes before a key.

// How many of a delivery's tokens a `whpk_` key verifies; files are written into `folder`.
export function verifiedByOpenssl(folder, publicKey, { headers, body }) {
  const file = (name, content) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  assert.match(publicKey, /^whpk_/);
  const raw = Buffer.from(publicKey.slice('whpk_'.length), 'base64');
  assert.equal(raw.length, 32);
  const key = file('v1a.der', Buffer.concat([spki, raw]));
  const signed = file('v1a.signed',
                      `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  const tokens = headers['webhook-signature'].split(' ').filter((one) => one.startsWith('v1a,'));
  assert(tokens.length > 0, 'it has no v1a token');
  return tokens.filter((token) => {
    const signature = file('v1a.signature', Buffer.from(token.slice('v1a,'.length), 'base64'));
    const { status, stderr } = spawnSync(
      'openssl', ['pkeyutl', '-verify', '-pubin', '-keyform', 'DER', '-inkey', key, '-rawin',
                  '-in', signed, '-sigfile', signature], { encoding: 'utf8' });
    assert.equal(stderr, '', 'openssl could not judge it');
    return status === 0;
  }).length;
}
