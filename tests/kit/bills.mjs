// Judges bills of materials by CycloneDX's own schema, every rule of it, and looks for what must be
// in them: node tests/kit/bills.mjs FILE...
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);

// Whatever else is in a program, these are.
const surely = {
  cpl: ['libc6', 'libstdc++6', 'libssl3', 'libcurl4', 'libboost1.81-dev', 'libcli11-dev'],
  cpld: ['libc6', 'libstdc++6', 'libssl3', 'librocksdb7.8', 'libboost1.81-dev', 'libtomlplusplus3'],
};

async function judge(text) {
  const wrongs = await validator.validate(text);
  assert.equal(wrongs, null, JSON.stringify(wrongs, null, 1));
  const bill = JSON.parse(text);
  const program = bill.metadata.component.name;
  for (const component of bill.components) {
    assert.match(component.version, /^\d/, `${component.name} has no version`);
    assert(component.licenses?.length > 0, `${component.name} has no licence`);
  }
  const names = bill.components.map((component) => component.name);
  assert.equal(new Set(names).size, names.length, 'a package is named twice');
  for (const name of surely[program]) assert(names.includes(name), `${program} without ${name}`);
  return bill;
}

const files = process.argv.slice(2);
assert(files.length > 0, 'usage: node tests/kit/bills.mjs FILE...');
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  const bill = await judge(text);
  // A judge that lets everything pass would let these pass.
  for (const [was, is] of [['"CycloneDX"', '"Other"'], ['"library"', '"book"'],
                           ['urn:uuid:', 'urn:uuid:x']]) {
    await assert.rejects(judge(text.replace(was, is)), `${was} may be ${is}`);
  }
  console.log(`  ok  ${basename(file)}: ${bill.components.length} packages`);
}
