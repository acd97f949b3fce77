// Drives clients that nobody here wrote against a real registry; the first that is not content ends
// it with status 1.
//   node tests/interop/run.mjs BUILD/tools
import { resolve } from 'node:path';
import { events } from './events.mjs';
import { feed } from './feed.mjs';
import { mail, MailServer } from './mail.mjs';
import { openapi } from './openapi.mjs';
import { Registry } from './registry.mjs';
import { stream } from './stream.mjs';
import { webhooks } from './webhooks.mjs';

if (process.argv.length !== 3) {
  console.error('usage: node tests/interop/run.mjs BUILD/tools');
  process.exit(2);
}
const mailServer = await MailServer.start();
const registry = new Registry(resolve(process.argv[2]), 150, 30, mailServer);
try {
  for (const check of [openapi, mail, stream, feed, webhooks, events]) {
    const said = await check(registry);
    for (const line of said.split('\n')) console.log(`  ok  ${line}`);
  }
} catch (error) {
  console.error('interop: FAILED', error);
  process.exitCode = 1;
} finally {
  registry.close();
  mailServer.close();
}
