// Refusals: every one that a check of this run is answered with is judged by Ajv, by our own
// reading of RFC 9457; and those of the server itself, which no library asks for, are provoked.
import assert from 'node:assert/strict';
import net from 'node:net';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const ajv = new Ajv2020({ allErrors: true });
addFormats(ajv);
// What section 3.1 says of the members; others may stand beside them.
const isProblem = ajv.compile({
  type: 'object',
  properties: {
    type: { type: 'string', format: 'uri' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    title: { type: 'string', minLength: 1 },
    detail: { type: 'string', minLength: 1 },
    instance: { type: 'string', format: 'uri-reference' },
    code: { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' },
  },
  // It lets all be absent; ours never are.
  required: ['type', 'status', 'title', 'detail', 'code'],
});

const judged = new Map();  // How often, by status.
const titles = new Map();

function judge(status, contentType, text) {
  const where = `${status}: ${text.slice(0, 400)}`;
  assert.equal(contentType, 'application/problem+json', where);
  const body = JSON.parse(text);
  assert(isProblem(body), `${where}: ${ajv.errorsText(isProblem.errors)}`);
  assert.equal(body.status, status, where);
  assert(body.type.endsWith(`/${body.code}`), where);
  // A title tells of the type, not of the case.
  assert.equal(titles.get(body.type) ?? body.title, body.title, where);
  titles.set(body.type, body.title);
  judged.set(status, (judged.get(status) ?? 0) + 1);
}

// As fetch, for whatever the registry is asked.
export async function ask(url, init) {
  const response = await fetch(url, init);
  if (response.status >= 400) {
    judge(response.status, response.headers.get('content-type'), await response.clone().text());
  }
  return response;
}

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

export async function problems(registry) {
  for (const [status, octets] of strange) {
    const answer = await answerTo(registry.server, octets);
    assert.equal(answer.status, status, octets.slice(0, 100));
    judge(answer.status, answer.contentType, answer.body);
  }
  const other = (method, path) => ask(registry.server + path, { method });
  assert.equal((await other('GET', '/nothing')).status, 404);
  assert.equal((await other('DELETE', '/v1/models')).status, 405);
  const said = [...judged].sort().map(([status, times]) => `${times} of ${status}`).join(', ');
  return `ajv: every refusal of this run is a problem by RFC 9457: ${said}; ${titles.size} types`;
}
