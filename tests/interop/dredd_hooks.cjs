// Read by dredd itself, which takes CommonJS alone: what it does not take from a description in
// OpenAPI 3, though it knows what to do with it.
const { readFileSync } = require('node:fs');
const hooks = require('hooks');

const described = JSON.parse(readFileSync(hooks.configuration.path[0], 'utf8'));

const operationOf = ({ origin, request }) =>
  described.paths[origin.resourceName][request.method.toLowerCase()];

hooks.beforeEach((transaction) => {
  const { request, expected } = transaction;
  const operation = operationOf(transaction);
  if (operation['x-token']) request.headers.Authorization = `Bearer ${operation['x-token']}`;
  if (operation['x-form']) request.body = operation['x-form'];
  const { content = {} } = operation.responses[expected.statusCode];
  const schema = content[expected.headers['Content-Type']]?.['x-schema'];
  if (!schema) return;
  expected.bodySchema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    allOf: [schema],
    components: described['x-components'],
  };
});

// It compares media types with their parameters, which a description may leave open.
hooks.beforeEachValidation(({ expected, real }) => {
  const type = expected.headers['Content-Type'];
  if (!type || type.includes(';')) return;
  real.headers['content-type'] = real.headers['content-type']?.replace(/;.*/, '');
});
