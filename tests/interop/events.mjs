// Every event in every form, parsed strictly as a CloudEvent.
import assert from 'node:assert/strict';
import { CloudEvent, HTTP } from 'cloudevents';

export async function events(registry) {
  const polled = await registry.events();
  const page = await (await registry.get('/v1/changes?limit=1000')).json();
  for (const event of [...polled, page.checkpoint]) {
    const parsed = new CloudEvent(event, true);
    assert(parsed.validate());
    assert.equal(parsed.id, event.id);
  }
  const batch = await registry.get('/v1/changes?limit=1000',
                                   { accept: 'application/cloudevents-batch+json' });
  const parsed = HTTP.toEvent({
    headers: { 'content-type': batch.headers.get('content-type') },
    body: await batch.text(),
  });
  assert.deepEqual(parsed.map((event) => event.id), polled.map((event) => event.id));
  const lines = await (await registry.get('/v1/changes', { accept: 'application/x-ndjson' })).text();
  const streamed = lines.trimEnd().split('\n').map((line) => new CloudEvent(JSON.parse(line), true));
  const last = streamed.pop();
  assert(last.type.endsWith('.checkpoint.v1'));
  assert.deepEqual(streamed.map((event) => event.id), polled.map((event) => event.id));
  return `cloudevents: ${polled.length} events and the checkpoint parse strictly, ` +
         'one by one, as a batch and as lines';
}
