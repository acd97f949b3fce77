// dredd, which asks by itself for what a description names and judges the answers: with a wrong
// description first, so that it is seen to find what is wrong.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Derivation } from './dredd_description.mjs';
import { Stage } from './dredd_stage.mjs';
import { falsified } from './dredd_wrongs.mjs';
import { MailServer } from './mail.mjs';
import { quiet, Registry } from './registry.mjs';

const here = dirname(fileURLToPath(import.meta.url));

const result = /^(pass|fail|skip|error): ([A-Z]+ \(\d+\) [^\s?]+)/;
const reason = /.*(?:\nfail: ((?:headers|body|statusCode): .*))?/;
const told = new RegExp(result.source + reason.source, 'gm');

// What it tells of each transaction, { pass: ['GET (200) /v1/models', ...], fail: ... }, and all of
// its words.
function run(registry, description) {
  const file = join(registry.folder, 'dredd.json');
  writeFileSync(file, JSON.stringify(description));
  const args = [file, registry.server, '--hookfiles', join(here, 'dredd_hooks.cjs'),
                '--inline-errors', '--no-color', '--loglevel', 'warning'];
  const options = { cwd: registry.folder, maxBuffer: 2 ** 26, timeout: 120_000 };
  return new Promise((resolve) => {
    execFile(join(here, 'node_modules', '.bin', 'dredd'), args, options, (error, said, warned) => {
      const results = { pass: [], fail: [], skip: [], error: [] };
      for (const [, mark, title, message] of said.matchAll(told)) {
        results[mark].push(message ? `${title}: ${message}` : title);
      }
      for (const titles of Object.values(results)) titles.sort();
      resolve({ results, words: said + warned || String(error) });
    });
  });
}

function titlesOf(paths) {
  return Object.entries(paths).flatMap(([path, operations]) => (
    Object.entries(operations).flatMap(([method, { responses }]) => {
      const [[status, { content = { none: {} } }]] = Object.entries(responses);
      return Object.keys(content).map(() => `${method.toUpperCase()} (${status}) ${path}`);
    })));
}

const none = { pass: [], fail: [], skip: [], error: [] };

async function expect(registry, description, wanted) {
  const { results, words } = await run(registry, description);
  const trouble = words.slice(Math.max(0, words.search(/^(fail|skip|error): /m)));
  assert.deepEqual(results, { ...none, ...wanted }, trouble.slice(0, 5000));
}

async function checkWrong(registry, derived) {
  const kinds = falsified(derived);
  const paths = Object.assign({}, ...kinds.map((kind) => kind.paths));
  const fail = kinds.flatMap((kind) => (
    titlesOf(kind.paths).map((title) => `${title}: ${kind.message}`))).sort();
  await expect(registry, { ...derived, paths }, { fail });
  return fail.length;
}

async function checkRight(registry, derived) {
  const pass = titlesOf(derived.paths).sort();
  await expect(registry, derived, { pass });
  return pass.length;
}

export async function dredd(main) {
  const mailServer = await MailServer.start();
  let registry;
  let stage;
  try {
    registry = new Registry(main.bin, 60, 2, mailServer, quiet);  // Whose end disturbs nobody.
    stage = await Stage.set(registry);
    const document = await (await registry.get('/v1/openapi.json')).json();
    const { derived, operations, leftOut } = new Derivation(document, stage);
    const wrong = await checkWrong(registry, derived);  // First: it destroys nothing.
    const right = await checkRight(registry, derived);
    return `dredd: ${operations} operations answer as the description says, in ${right} forms; ` +
           `told one wrong thing of each of ${wrong} answers, it finds all; left out: ` +
           leftOut.join(', ');
  } finally {
    stage?.close();
    registry?.close();
    mailServer.close();
  }
}
