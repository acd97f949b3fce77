// Refusals: every one that a check of this run is answered with is judged by Ajv, by our own
// reading of RFC 9457.
import assert from 'node:assert/strict';
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
    errors: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: {
          pointer: { type: 'string', pattern: '^#(/|$)' },
          code: { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' },
          detail: { type: 'string', minLength: 1 },
        },
        required: ['pointer', 'code', 'detail'],
      },
    },
  },
  // It lets all be absent; ours never are.
  required: ['type', 'status', 'title', 'detail', 'code'],
});

const judged = new Map();  // How often, by status.
const titles = new Map();

export function judge(status, contentType, text) {
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

// How often each status was judged, in words, and of how many types.
export function judgedSoFar() {
  const said = [...judged].sort().map(([status, times]) => `${times} of ${status}`).join(', ');
  return `${said}; ${titles.size} types`;
}
