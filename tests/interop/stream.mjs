// npm eventsource over a connection that is cut again and again, in the middle of events too.
import assert from 'node:assert/strict';
import net from 'node:net';
import { EventSource } from 'eventsource';
import { within } from './registry.mjs';

export const drops = 20;
export const types = ['entry.added', 'entry.removed', 'removal.announced', 'key.rotated',
                      'checkpoint'];

// Passes octets on, and cuts each of the first connections after a few thousand of them. The wait
// before a reconnection is made short on the way, so that the test takes seconds. `requests` are
// what each connection began with.
export function cuttingProxy(port, drops) {
  const proxy = net.createServer((client) => {
    const server = net.connect(port, '127.0.0.1');
    let left = proxy.cuts < drops ? 4000 + Math.floor(Math.random() * 20000) : Infinity;
    client.once('data', (data) => proxy.requests.push(data.toString('latin1')));
    client.pipe(server);
    server.on('data', (data) => {
      const text = data.toString('latin1').replace(/retry: \d{4}\n/, 'retry: 0010\n');
      client.write(Buffer.from(text, 'latin1').subarray(0, Math.min(left, data.length)));
      left -= data.length;
      if (left <= 0 && proxy.cuts < drops) {
        proxy.cuts += 1;
        left = Infinity;
        server.destroy();
        client.end();
      }
    });
    server.on('end', () => client.end());
    for (const socket of [client, server]) {
      socket.on('error', () => {});
      socket.on('close', () => { client.destroy(); server.destroy(); });
    }
  });
  proxy.cuts = 0;
  proxy.requests = [];
  return new Promise((resolve) => proxy.listen(0, '127.0.0.1', () => resolve(proxy)));
}

export async function stream(registry) {
  const wanted = (await registry.events()).length + registry.later.length;
  const proxy = await cuttingProxy(new URL(registry.server).port, drops);
  const source = new EventSource(
    `http://127.0.0.1:${proxy.address().port}/v1/changes/stream?after=earliest`);
  const seen = [];
  let checkpoints = 0;
  const finished = new Promise((resolve, reject) => {
    const take = (message) => {
      const event = JSON.parse(message.data);
      assert.equal(event.type, message.type);
      if (event.type.endsWith('.checkpoint.v1')) {
        checkpoints += 1;
      } else {
        assert.equal(message.lastEventId, event.sequence);
        seen.push(event);
        // What is submitted while the stream is read has no other way to arrive than live.
        if (registry.later.length > 0 && seen.length % 5 === 0) registry.submitNext();
      }
      if (seen.length >= wanted) resolve();
    };
    for (const type of types) source.addEventListener(`example.cpl.${type}.v1`, take);
    source.onerror = (error) => { if (error.code && error.code !== 200) reject(error); };
  });
  await within(120, `${wanted} events by stream`, finished);
  source.close();
  proxy.close();
  const events = await registry.events();
  assert.equal(registry.later.length, 0);
  assert.equal(proxy.cuts, drops);
  assert.deepEqual(seen.map((event) => event.id), events.map((event) => event.id));
  for (let i = 1; i < seen.length; i += 1) {
    assert.equal(seen[i].prevsequence, seen[i - 1].sequence);
  }
  assert(checkpoints > 0, 'no checkpoint event came');
  return `eventsource: ${seen.length} events over ${proxy.cuts} cut connections, ` +
         'none lost, none twice';
}
