// Refusals that no library asks for: of the server itself, and of a service that lacks something or
// has enough. They are judged as all others.
import assert from 'node:assert/strict';
import net from 'node:net';
import { ask, judge, judgedSoFar } from './problems.mjs';
import { quiet, Registry } from './registry.mjs';

// What comes back for octets that may be no request at all; the server closes behind it.
async function answerTo(server, octets) {
  const { hostname, port } = new URL(server);
  const socket = net.connect(Number(port), hostname);
  socket.write(octets, 'latin1');
  const pieces = [];
  for await (const piece of socket) pieces.push(piece);
  const [head, body] = Buffer.concat(pieces).toString().split('\r\n\r\n');
  const [, status] = head.match(/^HTTP\/1\.1 (\d{3}) /);
  const [, contentType] = head.match(/^Content-Type: (.*)$/m);
  return { status: Number(status), contentType, body };
}

const get = 'GET /v1/models HTTP/1.1\r\n';
const host = 'Host: cpl.example\r\n';
const strange = [
  [400, 'NONSENSE\r\n\r\n'],
  [400, `${get}\r\n`],
  [400, `${get}${host}${host}\r\n`],
  [400, `${get}${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`],
  [400, `GET /v1/models?%zz HTTP/1.1\r\n${host}\r\n`],
  [411, `POST /v1/statements HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`],
  [413, `POST /v1/statements HTTP/1.1\r\n${host}Content-Length: 999999999\r\n\r\n`],
  [414, `GET /${'a'.repeat(9000)} HTTP/1.1\r\n${host}\r\n`],
  [417, `${get}${host}Expect: a-miracle\r\n\r\n`],
  [431, `${get}${host}X: ${'a'.repeat(99_999)}\r\n\r\n`],
];

// What a service says that lacks something, or has enough.
async function provokeOverload(bin) {
  const registry = new Registry(bin, 3, 0, undefined, { ...quiet, BACKUP_DIR: '' });
  const open = new AbortController();
  try {
    const backup = await ask(`${registry.server}/v1/operator/backups`, {
      method: 'POST', headers: { authorization: `Bearer ${registry.operator_token}` } });
    assert.equal(backup.status, 503);
    const streams = Array.from({ length: 201 }, () => (
      ask(`${registry.server}/v1/changes/stream`, { signal: open.signal })));
    const refused = (await Promise.all(streams)).filter(({ status }) => status !== 200);
    assert.deepEqual(refused.map(({ status }) => status), [429]);
    assert(refused[0].headers.get('retry-after') > 0);
  } finally {
    open.abort();
    registry.close();
  }
}

export async function refusals(registry) {
  for (const [status, octets] of strange) {
    const answer = await answerTo(registry.server, octets);
    assert.equal(answer.status, status, octets.slice(0, 100));
    judge(answer.status, answer.contentType, answer.body);
  }
  const other = (method, path) => ask(registry.server + path, { method });
  assert.equal((await other('GET', '/nothing')).status, 404);
  assert.equal((await other('DELETE', '/v1/models')).status, 405);
  await provokeOverload(registry.bin);
  return `ajv: every refusal of this run is a problem by RFC 9457: ${judgedSoFar()}`;
}
