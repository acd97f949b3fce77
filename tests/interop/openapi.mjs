// The description of the API: linted by others' tools, and compared with what is really answered.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import responseValidator from 'openapi-response-validator';
import { ask as request } from './problems.mjs';
import { fill, samples } from './samples.mjs';

const here = dirname(fileURLToPath(import.meta.url));

function lint(file) {
  const run = (program, args) => {
    try {
      execFileSync(join(here, 'node_modules', '.bin', program), args, {
        cwd: here,
        encoding: 'utf8',
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
               NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    } catch (error) {
      assert.fail(`${program}: ${error.stdout}${error.stderr}`);
    }
  };
  run('spectral', ['lint', file, '--ruleset', 'spectral.yaml', '--fail-severity', 'warn']);
  run('redocly', ['lint', file, '--config', 'redocly.yaml', '--max-problems', '20']);
}

class Description {
  constructor(document) {
    this.document = document;
    this.ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats(this.ajv);
    this.ajv.addSchema(document, 'api');
    this.seen = new Set();
    this.judged = 0;
    this.missed = 0;  // Those of them that are wrong once they lack some member.
  }

  resolve(value) {
    if (!value.$ref) return value;
    return value.$ref.slice(2).split('/').reduce((at, name) => at[name], this.document);
  }

  // The answer must be one that the operation names, and be as its schema says.
  async check(operation, response) {
    const name = `${operation.operationId}, ${response.status}`;
    const documented = operation.responses[response.status];
    if (!documented) assert.fail(`${name} is not in the description: ${await response.text()}`);
    this.seen.add(name);
    const answer = this.resolve(documented);
    for (const [header, described] of Object.entries(answer.headers ?? {})) {
      const { required } = this.resolve(described);
      assert(!required || response.headers.has(header), `${name}: no ${header}`);
    }
    if (!answer.content) return;
    const type = response.headers.get('content-type') ?? '';
    const media = Object.keys(answer.content).find((known) => type.startsWith(known));
    assert(media, `${name}: ${type} is not in the description`);
    if (!type.includes('json') || type.includes('ndjson')) return;
    const schema = JSON.parse(
      JSON.stringify(answer.content[media].schema).replaceAll('"#/components', '"api#/components'));
    const validate = this.ajv.compile(schema);
    const body = await response.json();
    assert(validate(body), `${name}: ${this.ajv.errorsText(validate.errors)}: ` +
                               JSON.stringify(body).slice(0, 600));
    this.judge(name, response.status, answer.content[media], body);
  }

  // A second opinion, of a library that reads the description by itself. That it has one is seen
  // from an answer that is none, and from those that lack a member.
  judge(name, status, content, body) {
    const validator = new responseValidator.default({
      responses: { [status]: { content: { 'application/json': content } } },
      components: this.document.components,
    });
    const wrong = (what) => validator.validateResponse(status, structuredClone(what));
    assert.equal(wrong(body), undefined, name);
    this.judged += 1;
    assert(wrong(null), `${name}: null is taken`);
    const lacking = Object.keys(body).map((member) => ({ ...body, [member]: undefined }));
    if (lacking.some(wrong)) this.missed += 1;
  }
}

async function checkReads(registry, description, values) {
  for (const [path, item] of Object.entries(description.document.paths)) {
    if (!item.get) continue;
    const url = registry.server + fill(path, values);
    const abort = new AbortController();
    const headers = item.get.security.length ? { authorization: `Bearer ${registry.party_token}` }
                                             : {};
    const response = await request(url, { headers, signal: abort.signal });
    await description.check(item.get, response);
    abort.abort();  // A stream has no end of its own.
  }
}

async function checkOthers(registry, description, values) {
  const paths = description.document.paths;
  const ask = async (path, method, suffix, init = {}) => {
    const url = registry.server + fill(path, values) + suffix;
    const response = await request(url, { method: method.toUpperCase(), ...init });
    await description.check(paths[path][method], response);
    return response.status;
  };
  for (const file of ['json', 'xlsx', 'csv.p7s', 'proof']) {
    values.file = file;
    assert.equal(await ask('/v1/extract.{file}', 'get', ''), 200);
  }
  const batch = { headers: { accept: 'application/cloudevents-batch+json' } };
  assert.equal(await ask('/v1/changes', 'get', '?limit=3', batch), 200);
  for (const [path, suffix, status] of [
    ['/v1/models', '?limit=0', 400],
    ['/v1/models', '?colour=red', 400],
    ['/v1/models', '?status=removed&device_type=ESME', 200],
    ['/v1/models/{model}', '?at=3', 404],
    ['/v1/models/{model}', '?at=100', 200],
    ['/v1/models/{model}/evidence', '?at=5', 200],
    ['/v1/notices', '?state=open', 200],
    ['/v1/notices', '?state=lost', 400],
    ['/v1/entries', '?from=x', 400],
    ['/v1/changes', '?after=1', 200],
    ['/v1/changes', '?after=one', 400],
    ['/v1/changes', '?after=00000000000000999999', 409],
    ['/v1/changes/stream', '?after=00000000000000999999', 409],
    ['/v1/extracts', '?limit=501', 400],
  ]) {
    assert.equal(await ask(path, 'get', suffix), status, path + suffix);
  }
  values.model = 'ESME-0000-00000000-00000000';
  assert.equal(await ask('/v1/models/{model}', 'get', ''), 404);
  const json = { 'content-type': 'application/json' };
  assert.equal(await ask('/v1/statements', 'post', '', { body: 'no note' }), 400);
  const png = { 'content-type': 'image/png' };
  assert.equal(await ask('/v1/statements', 'post', '', { body: 'no note', headers: png }), 415);
  assert.equal(await ask('/v1/models', 'get', '', { headers: { accept: 'image/png' } }), 406);
  const foreign = { origin: 'https://evil.example' };
  assert.equal(await ask('/v1/statements', 'post', '', { body: 'no note', headers: foreign }), 403);
  const leaf = await (await registry.get('/v1/entries/0/leaf')).text();
  const note = leaf.slice(leaf.indexOf('\n\n') + 2);  // Beneath the entry's own lines.
  const body = JSON.stringify({ statements: ['no note', note] });
  assert.equal(await ask('/v1/statements/batch', 'post', '', { body, headers: json }), 200);
  assert.equal(await ask('/v1/statements/batch', 'post', '', { body: '{}', headers: json }), 400);
  assert.equal(await ask('/v1/extracts', 'post', '', { body: '{}', headers: json }), 400);
  assert.equal(await ask('/v1/subscriptions', 'post', '', { body: '{}', headers: json }), 401);
  assert.equal(await ask('/v1/subscriptions/{id}', 'get', ''), 401);
  assert.equal(await ask('/v1/operator/backups', 'post', ''), 401);
}

// What only the operator may read.
async function checkOperator(registry, description, values) {
  const ask = async (path, method, suffix, status) => {
    const headers = { authorization: `Bearer ${registry.operator_token}` };
    const url = registry.server + fill(path, values) + suffix;
    const response = await request(url, { method: method.toUpperCase(), headers });
    await description.check(description.document.paths[path][method], response);
    assert.equal(response.status, status, `${method} ${path}`);
  };
  values.name = 'north-energy';
  values.index = registry.sealed.entry;
  await ask('/metrics', 'get', '', 200);
  await ask('/v1/operator/journal', 'get', '?limit=500', 200);
  registry.cplWith(registry.operator_token, 'party', 'add', values.name);
  registry.keepOpening('AMBER');
  await ask('/v1/operator/parties', 'get', '', 200);
  await ask('/v1/operator/parties/{name}', 'get', '', 200);
  await ask('/v1/operator/subscriptions', 'get', '', 200);
  await ask('/v1/operator/entries/{index}/deliveries', 'get', '', 200);
  await ask('/v1/operator/openings', 'get', '', 200);
  await ask('/v1/operator/openings/{index}', 'delete', '?field=/reason', 204);
}

// Whatever the description gives as an example of what to ask for is well-formed here.
async function checkExamples(registry, description, values) {
  let examples = 0;
  for (const [path, { get }] of Object.entries(description.document.paths)) {
    const parameters = (get?.parameters ?? []).map((one) => description.resolve(one));
    const needed = Object.fromEntries(
      parameters.filter((one) => one.in === 'query' && one.required)
        .map((one) => [one.name, one.example]));
    for (const { name, in: where, example } of parameters) {
      if (where === 'header') continue;
      const query = new URLSearchParams({ ...needed, [name]: example });
      const wanted = where === 'path' ? fill(path, { ...values, [name]: example })
                                      : `${fill(path, values)}?${query}`;
      const abort = new AbortController();
      const headers = { authorization: `Bearer ${registry.party_token}`,
                        ...(name === 'follow' && { accept: 'application/x-ndjson' }) };
      const response = await request(registry.server + wanted, { headers, signal: abort.signal });
      await description.check(get, response);
      abort.abort();
      assert.notEqual(response.status, 400, wanted);
      examples += 1;
    }
  }
  return examples;
}

// A subscription's whole life, answer by answer.
async function checkSubscription(registry, description) {
  const paths = description.document.paths;
  let id = '';
  const ask = async (path, method, status, body, headers) => {
    const response = await registry.request(path.replace('{id}', id), method.toUpperCase(), body,
                                            headers);
    const copy = response.clone();
    await description.check(paths[`/v1/subscriptions${path}`][method], response);
    const text = await copy.text();
    assert.equal(response.status, status, `${method} ${path}: ${text}`);
    return status === 204 ? {} : JSON.parse(text);
  };
  const url = 'http://127.0.0.1:9/hooks';
  await ask('', 'post', 400, { url, colour: 'red' });
  id = (await ask('', 'post', 201, { url, filter: { types: ['entry.removed.v1'] } })).id;
  await ask('', 'get', 200);
  await ask('/{id}', 'get', 200);
  await ask('/preview', 'post', 200, { days: 30 });
  await ask('/preview', 'post', 400, { days: 0 });
  const key = { 'idempotency-key': '"twice"' };
  await ask('', 'post', 400, { url }, { 'idempotency-key': undefined });
  const twice = (await ask('', 'post', 201, { url }, key)).id;
  assert.equal((await ask('', 'post', 201, { url }, key)).id, twice);
  await ask('', 'post', 422, { url, from: 0 }, key);
  await ask('/{id}', 'patch', 200, { filter: {} });
  for (const method of ['patch', 'delete']) {
    await ask('/{id}', method, 428, { filter: {} }, { 'if-match': undefined });
    await ask('/{id}', method, 412, { filter: {} }, { 'if-match': '"another"' });
  }
  await ask('/{id}/pause', 'post', 200);
  await ask('/{id}/confirm', 'post', 409, { code: '00000000' });
  await ask('/{id}/rotate', 'post', 200, { grace_seconds: 60 });
  await ask('/{id}/test', 'post', 409);  // Its receiver is not verified.
  await ask('/{id}/replay', 'post', 200, { from: 0 });
  await ask('/{id}/deliveries', 'get', 200);
  await ask('/{id}', 'delete', 204);
  await ask('/{id}', 'delete', 409);
  await ask('/{id}/resume', 'post', 409);
  id = twice;
  await ask('/{id}', 'delete', 204);
  id = 'sub_of_somebody_else';
  await ask('/{id}', 'get', 404);
  await ask('/{id}/verify', 'post', 404);
}

// A report from its sending to its answer; the operator's pages and the Party's.
async function checkReports(registry, description) {
  const paths = description.document.paths;
  let number = 0;
  const ask = async (path, method, suffix, status, body, more = {}) => {
    const token = path.startsWith('/v1/operator/') ? registry.operator_token
                                                   : registry.party_token;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json',
                      ...(method === 'post' && { 'idempotency-key': randomUUID() }), ...more };
    const url = registry.server + fill(path, { number }) + suffix;
    const response = await request(url, { method: method.toUpperCase(), headers,
                                          body: body && JSON.stringify(body) });
    const copy = response.clone();
    await description.check(paths[path][method], response);
    assert.equal(response.status, status, `${method} ${url}: ${await copy.clone().text()}`);
    return copy.json();
  };
  const [own, one, all, any] = ['/v1/reports', '/v1/reports/{number}', '/v1/operator/reports',
                                '/v1/operator/reports/{number}'];
  const { models: [{ id: model }] } = await (await registry.get('/v1/models?limit=1')).json();
  const content = { model, certificate: { kind: 'cpa', event: 'withdrawn' }, text: 'One\ntwo.' };
  await ask(own, 'post', '', 400, { ...content, text: 'a\u001b[31m' });
  await ask(own, 'post', '', 401, content, { authorization: 'Bearer guessed' });
  await ask(own, 'post', '', 404, { ...content, model: 'ESME-0000-00000000-00000000' });
  const key = { 'idempotency-key': '"a report"' };
  const sent = await ask(own, 'post', '', 201, content, key);
  assert.deepEqual(await ask(own, 'post', '', 201, content, key), sent);
  await ask(own, 'post', '', 422, { model, text: 'Another.' }, key);
  number = sent.number;
  assert.deepEqual(await ask(one, 'get', '', 200), sent);
  await ask(own, 'get', '?limit=1', 200);
  await ask(own, 'get', '?limit=0', 400);
  const waiting = await ask(all, 'get', '?waiting=true&limit=100', 200);
  assert(waiting.reports.some((report) => report.number === number));
  await ask(all, 'get', '?waiting=perhaps', 400);
  const answer = { outcome: 'acted', text: 'Recorded.', entries: [1] };
  await ask(`${any}/answers`, 'post', '', 404, { ...answer, entries: [999999] });
  await ask(`${any}/answers`, 'post', '', 400, { ...answer, outcome: 'perhaps' });
  const answered = await ask(`${any}/answers`, 'post', '', 201, answer);
  assert.equal(answered.state, 'answered');
  assert.deepEqual(await ask(any, 'get', '', 200), answered);
  assert.deepEqual(registry.cpl('report', 'show', String(number)), answered);
  number = 999999;
  await ask(one, 'get', '', 404);
  await ask(any, 'get', '', 404);
}

export async function openapi(registry) {
  const response = await registry.get('/v1/openapi.json');
  const document = await response.json();
  const file = join(registry.folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(document));
  lint(file);
  const description = new Description(document);
  const values = await samples(registry);
  await checkReads(registry, description, values);
  const examples = await checkExamples(registry, description, values);
  await checkOthers(registry, description, values);
  await checkOperator(registry, description, values);
  await checkSubscription(registry, description);
  await checkReports(registry, description);
  const { seen, judged, missed } = description;
  assert(missed > judged / 2, 'hardly any member is required');
  return `openapi: spectral and redocly find nothing; ${seen.size} kinds of answers are as the ` +
         `description says; ${examples} examples of parameters are taken\n` +
         `openapi-response-validator: so are ${judged} live answers; of ${missed} it misses a ` +
         'member that is taken away';
}
