// The description as dredd can read it: in OpenAPI 3.0, with one answer for each operation and
// something of this registry for each parameter. From a schema dredd would make an example, all of
// whose members it then wants; so schemas go by it as they are, to its judge of JSON (the hooks).
import assert from 'node:assert/strict';
import { fill } from './samples.mjs';

// What is not asked for, and why.
const unfit = [
  'streamChanges',  // It waits for the end of an answer, and a stream has none.
  'getExtractDifference',  // Of two versions, and there is one until the second is published.
];

function answerOf(operation) {
  const good = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
  return good.at(-1);  // Of two the one that tells that something was made.
}

const isJson = (type) => /[/+]json\b/.test(type);

export class Derivation {
  // `stage` says what there is to ask for.
  constructor(document, stage) {
    this.document = document;
    this.stage = stage;
    this.operations = 0;
    this.leftOut = [];
    this.derived = {
      openapi: '3.0.3',
      info: { title: document.info.title, version: document.info.version },
      paths: {},
      'x-components': document.components,
    };
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        if (unfit.includes(operation.operationId)) this.leftOut.push(operation.operationId);
        else this.add(path, method, operation);
      }
    }
  }

  resolve(value) {
    if (!value.$ref) return value;
    return value.$ref.slice(2).split('/').reduce((at, name) => at[name], this.document);
  }

  // Values stand in the path itself: dredd would escape the slashes of one, and the name of a file
  // says which type it has.
  add(path, method, operation) {
    this.operations += 1;
    const [status, described] = answerOf(operation);
    const answer = this.resolve(described);
    const place = (type) => {
      const filled = fill(path, this.stage.values(operation.operationId, type));
      this.derived.paths[filled] ??= {};
      this.derived.paths[filled][method] ??= this.operation(path, operation, status, answer);
      return this.derived.paths[filled][method].responses[status];
    };
    if (!answer.content) place();
    for (const [type, { schema }] of Object.entries(answer.content ?? {})) {
      const here = place(type);
      here.content = { ...here.content, [type]: isJson(type) ? { 'x-schema': schema } : {} };
    }
  }

  operation(path, operation, status, answer) {
    const token = operation.security?.length > 0 && this.stage.tokenFor(path);
    return {
      summary: operation.operationId,
      parameters: this.parameters(operation),
      ...(token && { 'x-token': token }),
      ...this.body(operation),
      responses: { [status]: { description: '', headers: this.headers(answer) } },
    };
  }

  parameters({ parameters = [] }) {
    return parameters.map((one) => this.resolve(one))
      .filter((one) => one.required && one.in !== 'path')
      .map(({ name, in: where, example }) => ({
        name, in: where, required: true, example: this.stage.parameter(name) ?? example }));
  }

  body({ operationId, requestBody }) {
    if (!requestBody) return {};
    const [type, content] = Object.entries(requestBody.content)[0];
    const example = this.stage.bodies[operationId] ?? content.example;
    assert(example, `${operationId} has no example`);
    const isForm = type === 'application/x-www-form-urlencoded';
    return isForm ? { requestBody: { content: { [type]: {} } },
                      'x-form': new URLSearchParams(example).toString() }
                  : { requestBody: { content: { [type]: { example } } } };
  }

  // dredd wants all that are named.
  headers({ headers = {} }) {
    return Object.fromEntries(Object.entries(headers)
      .filter(([, described]) => this.resolve(described).required)
      .map(([name]) => [name, {}]));
  }
}
