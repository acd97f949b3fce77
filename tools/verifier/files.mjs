// Files as somebody chose or dropped them: each goes to the place where the judge looks for it.

export const fileSizeMax = 64 << 20;

export async function read(file) {
  if (file.size > fileSizeMax) {
    throw new Error(`${file.name} has more than ${fileSizeMax >> 20} MB: use cpl verify for it`);
  }
  return { name: file.name, octets: new Uint8Array(await file.arrayBuffer()) };
}

const beginsWith = (octets, text) =>
  new TextDecoder('latin1').decode(octets.subarray(0, text.length)) === text;

function isPolicy({ octets }) {
  const start = new TextDecoder('latin1').decode(octets.subarray(0, 4096));
  return /^(\s*(#.*)?\n)*(log|witness|group|quorum)[ \t]/.test(start);
}

function isOpenings({ octets }) {
  return /^\s*\{\s*"format":\s*"cpl\/seals\/v1"/.test(
    new TextDecoder('latin1').decode(octets.subarray(0, 256)));
}

function placeOf(file) {
  if (isOpenings(file)) return 'openings';
  if (isPolicy(file)) return 'policy';
  if (file.name.endsWith('.p7s')) return 'signature';
  if (file.name.endsWith('.proof')) return 'extractProof';
  if (beginsWith(file.octets, 'cpl/entry/')) return 'entry';
  return 'content';
}

// By their places. Of two for one place the later counts; an entry or a proof by itself is what is
// to be judged.
export function sorted(files) {
  const found = {};
  for (const file of files) found[placeOf(file)] = file;
  for (const place of ['entry', 'extractProof', 'signature']) {
    if (found.content === undefined && found[place] !== undefined) {
      found.content = found[place];
      delete found[place];
    }
  }
  return found;
}
