// What stands for the parameters of a path, taken from the registry itself.

export async function samples(registry) {
  const json = async (path) => (await registry.get(path)).json();
  const { models } = await json('/v1/models?limit=1');
  const { notices } = await json('/v1/notices');
  const { decisions } = await json('/v1/decisions');
  const { meetings } = await json('/v1/meetings');
  return {
    path: 'entries/000.p/1',
    model: models[0].id,
    page: 0,
    file: 'csv',
    version: 1,
    id: 'no-such-subscription',
    token: 'no-such-token',
    name: 'nobody',
    number: 1,
    meeting: meetings[0]?.meeting ?? 'SECP_31',
    index: (path) => path.startsWith('/v1/notices')     ? notices[0].entry
                     : path.startsWith('/v1/decisions') ? decisions[0].entry
                     : path.endsWith('/evidence')       ? notices[0].entry
                                                        : 1,
  };
}

export function fill(path, values) {
  return path.replaceAll(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === 'function' ? value(path) : value;
  });
}
