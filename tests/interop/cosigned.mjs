// A witness of a log (C2SP tlog-cosignature), so that a test can say when it saw a checkpoint.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

const cosignature = 4;  // The type of such a key.

export class Witness {
  static make(name) {
    const witness = new Witness();
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
    const typed = Buffer.concat([Buffer.from([cosignature]), raw]);
    const id = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
    return Object.assign(witness, {
      name, id, privateKey, key: `${name}+${id.toString('hex')}+${typed.toString('base64')}`,
    });
  }

  // The same policy, which now asks for this witness.
  addedTo(policy) {
    return policy.replace(/^quorum .*\n/m, `witness w1 ${this.key}\nquorum w1\n`);
  }

  // The line under a checkpoint's text that was seen at that time.
  line(text, time) {
    const seconds = Math.floor(time / 1000);
    const octets = Buffer.alloc(8);
    octets.writeBigUInt64BE(BigInt(seconds));
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`),
                           this.privateKey);
    return `— ${this.name} ${Buffer.concat([this.id, octets, signature]).toString('base64')}\n`;
  }

  // A tlog-proof whose checkpoint has that line, too.
  cosignedProof(proof, time) {
    const [, text] = proof.match(/\n\n([^\n]+\n\d+\n[^\n]+\n)\n/);
    return proof + this.line(text, time);
  }

  // Evidence, each of whose proofs is so.
  cosigned(evidence, time) {
    const changed = JSON.parse(evidence, (name, value) =>
      (name === 'proof' && typeof value === 'string' && value.startsWith('c2sp.org/tlog-proof@')
        ? this.cosignedProof(value, time) : value));
    return `${JSON.stringify(changed, null, 1)}\n`;
  }
}
