// Drives clients that nobody here wrote against a real registry; the first that is not content ends
// it with status 1.
//   node tests/interop/run.mjs BUILD/tools
import { resolve } from 'node:path';
import { atom } from './atom.mjs';
import { browser } from './browser.mjs';
import { crowd } from './crowd.mjs';
import { dkim } from './dkim.mjs';
import { dredd } from './dredd.mjs';
import { events } from './events.mjs';
import { feed } from './feed.mjs';
import { links } from './links.mjs';
import { mail, MailServer } from './mail.mjs';
import { mta } from './mta.mjs';
import { openapi } from './openapi.mjs';
import { pages } from './pages.mjs';
import { party } from './party.mjs';
import { refusals } from './refusals.mjs';
import { Registry, Skipped } from './registry.mjs';
import { smime } from './smime.mjs';
import { ssrf } from './ssrf.mjs';
import { stream } from './stream.mjs';
import { sumdb } from './sumdb.mjs';
import { ticket } from './ticket.mjs';
import { ui } from './ui.mjs';
import { uiAudit } from './ui_audit.mjs';
import { uiOperator } from './ui_operator.mjs';
import { uiPrepare } from './ui_prepare.mjs';
import { uiSigning } from './ui_signing.mjs';
import { verifier } from './verifier.mjs';
import { verifierCompare } from './verifier_compare.mjs';
import { verifierKeys } from './verifier_keys.mjs';
import { webhooks } from './webhooks.mjs';
import { conditional, idempotency, preconditions } from './writes.mjs';

if (process.argv.length !== 3) {
  console.error('usage: node tests/interop/run.mjs BUILD/tools');
  process.exit(2);
}

const skipped = [];

async function ran(check, registry) {
  const start = Date.now();
  const mark = (mark, said) => said.replaceAll(/^/gm, `  ${mark}  `);
  try {
    const said = await check(registry);
    return `${mark('ok', said)} (${((Date.now() - start) / 1000).toFixed(1)} s)`;
  } catch (error) {
    if (!(error instanceof Skipped)) throw error;
    skipped.push(check.name);
    return mark('SKIPPED', `${check.name}: ${error.message}`);
  }
}

const mailServer = await MailServer.start();
const registry = new Registry(resolve(process.argv[2]), 150, 30, mailServer);
try {
  for (const check of [openapi, dredd, sumdb, idempotency, preconditions, conditional, crowd, mail,
                       dkim, smime, mta, ticket, ssrf, stream, browser, pages, ui, uiSigning, uiAudit, uiOperator,
                       uiPrepare, party,
                       verifier, verifierCompare, verifierKeys, feed, atom, links,
                       webhooks, events, refusals]) {
    console.log(await ran(check, registry));
  }
  if (skipped.length > 0) console.log(`interop: SKIPPED on this machine: ${skipped.join(', ')}`);
} catch (error) {
  console.error('interop: FAILED', error);
  process.exitCode = 1;
} finally {
  registry.close();
  mailServer.close();
}
