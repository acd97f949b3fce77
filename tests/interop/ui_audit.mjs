// cpl ui: an auditor audits the log from a browser, goes on from the last audit, and finds what
// somebody altered on the way.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import http from 'node:http';
import { dirname, join } from 'node:path';
import { checkAllViews } from './page_checks.mjs';
import { Person } from './own_pages.mjs';
import { launchBrowser } from './page_walk.mjs';
import { Registry, quiet } from './registry.mjs';

// Between the auditor and the registry: holds the log's tiles back, and alters them.
class Between {
  static async start(registry) {
    const between = new Between();
    between.release();
    between.server = http.createServer(async (asked, answer) => {
      const got = await fetch(registry.server + asked.url, {
        method: asked.method, headers: { accept: '*/*', 'accept-encoding': 'identity' },
      });
      let octets = Buffer.from(await got.arrayBuffer());
      if (asked.url.startsWith('/tile/')) {
        await between.held;
        if (between.alter) octets = between.alter(asked.url, octets);
      }
      answer.writeHead(got.status, {
        'content-type': got.headers.get('content-type'), 'content-length': octets.length,
      });
      answer.end(octets);
    });
    await new Promise((ready) => between.server.listen(0, '127.0.0.1', ready));
    between.address = `http://127.0.0.1:${between.server.address().port}`;
    return between;
  }

  hold() {
    this.held = new Promise((release) => { this.let = release; });
  }

  release() {
    this.let?.();
    this.held = Promise.resolve();
  }

  close() {
    this.release();
    this.server.close();
    this.server.closeAllConnections();
  }
}

// Until its script has shown the page anew, without a hand on it.
async function ended(auditor) {
  await auditor.tab.waitForFunction(() => document.querySelector('main progress') === null
    && document.querySelector('main h1') !== null, { timeout: 60_000 });
}

async function audit(auditor, button) {
  await auditor.go('/audit');
  await auditor.press(button);
  await ended(auditor);
  await auditor.press('The audit has ended');
}

// As `cpl audit --json` has it, but for how long it took.
function byCommand(registry) {
  const report = JSON.parse(execFileSync(join(registry.bin, 'cpl'),
                                         ['audit', registry.server, '--policy', registry.policy,
                                          '--json'], { encoding: 'utf8' }));
  delete report.duration_ms;
  return report;
}

async function checkProgress(auditor, between) {
  between.hold();
  await auditor.go('/audit');
  await auditor.press('Audit from the first entry');
  assert.match(await auditor.words(), /An audit is under way[^]*You may close this page/);
  assert(await auditor.tab.$('main progress'));
  // Another tab, without script: the page itself says how far it is, each time that it is loaded.
  const plain = await auditor.tab.browserContext().newPage();
  await plain.setJavaScriptEnabled(false);
  await plain.goto(`${auditor.address}/audit`);
  assert.match(await plain.content(), /An audit is under way[^]*Look again/);
  await plain.close();
  await auditor.press('Stop it');
  between.release();
  await ended(auditor);
  assert.match(await auditor.words(), /The last audit has no outcome[^]*audit-stopped/);
  assert.match(await auditor.words(), /None on this computer/);
}

async function checkSound(auditor, between, registry) {
  between.hold();
  await auditor.go('/audit');
  await auditor.press('Audit from the first entry');
  await auditor.go('/models');  // It goes on while its page is closed.
  await auditor.go('/audit');
  assert.match(await auditor.words(), /An audit is under way/);
  between.release();
  await ended(auditor);
  await auditor.press('The audit has ended');
  assert.match(await auditor.words(), /Sound: nothing is wrong/);
  assert.match(await auditor.words(), /What was not checked[^]*The documents behind the entries/);
  const saved = JSON.parse(await auditor.saved('Save it for programs, as cpl audit --json has it'));
  delete saved.duration_ms;
  assert.deepEqual(saved, byCommand(registry));
  const page = await auditor.saved('Save the report as a page that needs nothing else');
  assert.match(page, /Result: SOUND\./);
  await auditor.go('/audit');
  assert.match(await auditor.words(), /as the first audit on this computer saw it/);
  return saved.log_size;
}

async function checkGoesOn(auditor, registry, size) {
  registry.submitNext();
  await audit(auditor, 'Go on from the last audit');
  const saved = JSON.parse(await auditor.saved('Save it for programs, as cpl audit --json has it'));
  assert.equal(saved.replayed_from, size);
  assert.equal(saved.log_size, size + 1);
  assert.equal(saved.outcome, 'sound');
}

// A letter of a statement in the log is another one.
async function checkUnsound(auditor, between) {
  between.alter = (url, octets) => {
    if (!url.startsWith('/tile/entries/')) return octets;
    const at = octets.indexOf('APPROVED the removal');
    if (at > 0) octets.write('X', at);
    return octets;
  };
  await audit(auditor, 'Audit from the first entry');
  const words = await auditor.words();
  assert.match(words, /Not sound[^]*Sign nothing, and act on nothing of this log/);
  const saved = JSON.parse(await auditor.saved('Save it for programs, as cpl audit --json has it'));
  assert.equal(saved.outcome, 'unsound');
  const [{ entry, code, rule }] = saved.findings;
  assert(words.includes(`Entry ${entry}`) && words.includes(code));
  if (rule) assert(words.includes(`Rule ${rule}`));
  assert.match(words, /the replay ends at the first thing that is wrong/);
  delete between.alter;
  // What was found wrong is nothing to go on from.
  await audit(auditor, 'Go on from the last audit');
  assert.match(await auditor.words(), /Sound: nothing is wrong/);
}

export async function uiAudit({ bin }) {
  const registry = new Registry(bin, 20, 1, null, quiet);
  const work = dirname(registry.policy);
  const between = await Between.start(registry);
  const browser = await launchBrowser();
  const auditor = await Person.at(browser, registry, work, {
    keys: [], server: between.address, outbox: join(work, 'outbox-auditor') });
  try {
    await checkProgress(auditor, between);
    const size = await checkSound(auditor, between, registry);
    await checkGoesOn(auditor, registry, size);
    await checkUnsound(auditor, between);
    await auditor.go('/audit');
    const reports = await auditor.tab.$$eval('main td a, main th a', (links) =>
      links.map((one) => new URL(one.href).pathname).filter((one) => one.startsWith('/audit/')));
    assert.equal(new Set(reports).size, reports.length);
    const unsound = [];
    for (const path of reports) {
      await auditor.go(path);
      if (/Not sound/.test(await auditor.words())) unsound.push(path);
    }
    assert.equal(unsound.length, 1);
    between.hold();
    await auditor.go('/audit');
    await auditor.press('Audit from the first entry');
    await checkAllViews(auditor.tab, auditor.address, ['/audit']);
    between.release();
    await auditor.go('/audit');
    await ended(auditor);
    const paths = ['/audit', unsound[0], reports.find((one) => one !== unsound[0])];
    await checkAllViews(auditor.tab, auditor.address, paths);
    for (const url of auditor.told.requests.filter((one) => one.startsWith('http'))) {
      assert(url.startsWith(auditor.address), `a page of cpl ui asked for ${url}`);
    }
    assert.deepEqual(auditor.told.errors, []);
    return 'ui: an audit with progress, stopped, whole, gone on from, and of an altered log; its ' +
      'file is what cpl audit --json prints; axe-core and html-validate find nothing';
  } finally {
    auditor.close();
    await browser.close();
    between.close();
    registry.close();
  }
}
