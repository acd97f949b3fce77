// A description with one thing wrong in every answer to what can be asked again and again, and what
// dredd has to say of each.

const wrongs = {
  status: {
    alter: (status, answer) => ({ 299: answer }),
    message: 'statusCode: Expected status code \'299\', but got \'200\'.',
  },
  header: {
    alter: (status, answer) => ({ [status]: { ...answer, headers: { 'No-Such-Header': {} } } }),
    message: 'headers: At \'/no-such-header\' Missing required property: no-such-header',
  },
  member: {
    alter: (status, answer) => {
      const [[type, { 'x-schema': schema }]] = Object.entries(answer.content);
      const wrong = { 'x-schema': { allOf: [schema, { required: ['no_such_member'] }] } };
      return { [status]: { ...answer, content: { [type]: wrong } } };
    },
    message: 'body: At \'/no_such_member\' Missing required property: no_such_member',
  },
};

function wrongFor({ content }, at) {
  const media = Object.values(content);
  if (media.length === 1 && media[0]['x-schema']) return wrongs.member;
  return at % 2 === 0 ? wrongs.status : wrongs.header;
}

// [{ paths, message }]: the paths that are wrong in one way.
export function falsified(described) {
  const kinds = Object.values(wrongs).map((wrong) => ({ wrong, paths: {} }));
  const reads = Object.entries(described.paths).filter(([, { get }]) => get);
  for (const [at, [path, { get }]] of reads.entries()) {
    const [[status, answer]] = Object.entries(get.responses);
    const wrong = wrongFor(answer, at);
    kinds.find((kind) => kind.wrong === wrong).paths[path] =
      { get: { ...get, responses: wrong.alter(status, answer) } };
  }
  return kinds.map(({ wrong, paths }) => ({ paths, message: wrong.message }));
}
