// S/MIME, judged by PKI.js over Node's WebCrypto: the signature and its certificate, from the octets
// of a message that the service sent.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Certificate, ContentInfo, CryptoEngine, SignedData } from 'pkijs';

const subjectAltName = '2.5.29.17';
const engine = new CryptoEngine({ name: 'node', crypto: webcrypto });

// RFC 1847: what is signed is the first part, octet for octet; the break before a boundary is none
// of it.
function parts(octets) {
  const text = octets.toString('latin1');
  const [, boundary] = text.match(/^Content-Type: multipart\/signed;[^]*?boundary="([^"]+)"/m);
  const [, content, part] = text.split(new RegExp(`(?:\r\n)?--${boundary}(?:--)?\r\n`));
  const signature = Buffer.from(part.slice(part.indexOf('\r\n\r\n')), 'base64');
  return { content: Buffer.from(content, 'latin1'), signature };
}

// The addresses of the signer's certificate; throws where something does not hold.
async function signers(content, signature, trusted) {
  const signed = new SignedData({ schema: ContentInfo.fromBER(signature).content });
  const { signatureVerified, signerCertificateVerified, signerCertificate } = await signed.verify(
    { signer: 0, data: content, trustedCerts: trusted, checkChain: true, extendedMode: true },
    engine);
  assert(signatureVerified, 'the signature does not hold');
  assert(signerCertificateVerified, 'the certificate is not trusted');
  const { parsedValue } = signerCertificate.extensions.find(
    ({ extnID }) => extnID === subjectAltName);
  return parsedValue.altNames.map(({ value }) => value);
}

// With one bit turned, at places from the first octet to the last.
function* altered(content) {
  const places = 16;
  for (let i = 0; i < places; i += 1) {
    const copy = Buffer.from(content);
    copy[Math.round((content.length - 1) * i / (places - 1))] ^= 1;
    yield copy;
  }
}

// Judges what the mail server has taken so far.
export async function smime(registry) {
  const pem = readFileSync(registry.mail.smime, 'utf8').replaceAll(/^-.*$/gm, '');
  const trusted = [Certificate.fromBER(Buffer.from(pem, 'base64'))];
  const mails = registry.mail.server.taken.map(({ octets }) => ({ octets, ...parts(octets) }));
  assert(mails.length > 2, 'no mail was sent');
  let refused = 0;
  for (const [at, { octets, content, signature }] of mails.entries()) {
    const [, from] = octets.toString('latin1').match(/^From: .*<(.*)>\r$/m);
    assert.deepEqual(await signers(content, signature, trusted), [from]);
    await assert.rejects(signers(content, signature, []), 'trusted without a reason');
    const { signature: another } = mails[(at + 1) % mails.length];
    await assert.rejects(signers(content, another, trusted), "another mail's signature holds");
    for (const copy of altered(content)) {
      await assert.rejects(signers(copy, signature, trusted), 'altered, and verifies');
      refused += 1;
    }
  }
  return `pkijs: ${mails.length} mails verify, by a certificate for their sender, through the one that goes along, up to its root; of ` +
         `${refused} with one bit turned, and with another's signature, none does`;
}
