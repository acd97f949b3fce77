// The page that judges in a browser, in Chromium: from a file with the network off, and from the
// registry; what is genuine, forged, stale or none of ours; with and without a policy inside; by
// keyboard, narrow, dark, and where the browser cannot judge.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HtmlValidate } from 'html-validate';
import { Witness } from './cosigned.mjs';
import { launchBrowser, openTab } from './page_walk.mjs';
import { cplJson, genuineFiles, keepFiles, verifierPage } from './verifier_page.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const day = 86_400_000;

// One visit of the page: what a person does there, and what they are told.
class Visit {
  static async open(browser, url, prepare = async () => {}) {
    const visit = new Visit();
    Object.assign(visit, await openTab(browser), { url });
    await prepare(visit.tab);
    await visit.tab.goto(url, { waitUntil: 'load' });
    return visit;
  }

  async choose(field, ...files) {
    const input = await this.tab.$(`#${field}`);
    await input.uploadFile(...files);
  }

  // What is said in the place, once something is there.
  async said(place) {
    await this.tab.waitForSelector(`#${place} .note`);
    return this.tab.$eval(`#${place}`, (told) => told.innerText.replaceAll('\u00a0', ' '));
  }

  async submit(form, place) {
    await this.tab.$eval(`#${place}`, (old) => old.replaceChildren());
    await this.tab.$eval(`#${form}`, (given) => given.requestSubmit());
    return this.said(place);
  }

  async check(...files) {
    await this.choose('file', ...files);
    return this.submit('check', 'answer');
  }

  // Only the page itself was asked for, and nothing went wrong in it.
  async close(...alsoAsked) {
    assert.deepEqual(this.told, { requests: [this.url, ...alsoAsked], errors: [] });
    await this.tab.close();
  }
}

/* global document, window, SubtleCrypto */
async function lookForBarriers(tags) {
  const { violations, incomplete } = await window.axe.run(document, {
    runOnly: { type: 'tag', values: tags },
  });
  return [...violations, ...incomplete].map(({ id, help, nodes }) =>
    `${id}: ${help}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

async function checkLook(tab, what) {
  await tab.evaluate(axe);
  for (const [name, width, scheme] of [['wide', 1200, 'light'], ['dark', 1200, 'dark'],
                                       ['narrow', 320, 'light']]) {
    await tab.setViewport({ width, height: 900 });
    await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    const [inner, outer] = await tab.evaluate(() =>
      [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.equal(inner, outer, `${what} (${name}) is ${inner} wide in a window of ${outer}`);
    assert.deepEqual(await tab.evaluate(lookForBarriers, rules), [], `${what} (${name})`);
  }
}

async function checkMarkup(html) {
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended', 'html-validate:a11y'],
    rules: { 'long-title': 'off', 'no-trailing-whitespace': 'off', 'void-style': 'off' },
  });
  const { results } = await validator.validateString(html);
  const wrong = results.flatMap(({ messages }) => messages.map(
    ({ ruleId, message, line }) => `${line} ${ruleId}: ${message.slice(0, 200)}`));
  assert.deepEqual(wrong, []);
  const policy = html.match(/Content-Security-Policy" content="([^"]*)"/)[1];
  for (const wanted of ['default-src \'none\'', 'connect-src \'self\'', 'form-action \'none\'']) {
    assert(policy.split('; ').includes(wanted), policy);
  }
  assert(!/unsafe-(inline|eval)'/.test(policy.replace('\'wasm-unsafe-eval\'', '')), policy);
}

async function checkGenuine(visit, kept) {
  for (const [name, ...said] of [
    ['removal.json', 'Genuine, provisional', 'was removed by entry', 'Final minutes are awaited'],
    ['model.json', 'Genuine', 'is on the list', 'What this does not show'],
    ['never.json', 'Genuine', 'was never on the list'],
    ['notice.json', 'Genuine, provisional', 'rests on the decision'],
    ['decision.json', 'Genuine, provisional'],
    ['event-example.cpl.entry.removed.v1.json', 'Genuine', 'is in the log'],
  ]) {
    const told = await visit.check(kept(name));
    for (const words of said) assert(told.includes(words), `${name}: ${words}\n${told}`);
  }
  assert.match(await visit.check(kept('entry.tlog-proof'), kept('entry.leaf')),
               /Genuine entry \d+ \(notice, .* is in the log at size/);
  assert.match(await visit.check(kept('entry.tlog-proof')), /No verdict[^]*entry-missing/);
  assert.match(await visit.check(kept('extract.csv'), kept('extract.proof')),
               /INVALID[^]*nobody has signed this file/);
  assert.match(await visit.check(kept('extract.json'), kept('extract.proof'), kept('extract.json.p7s')),
               /Not fully checked[^]*Every row is as the log has it[^]*cpl verify/);
}

async function checkSealed(visit, kept, registry) {
  const seals = readFileSync(join(registry.folder, 'registry', 'removal.stmt.seals'), 'utf8');
  writeFileSync(kept('true.seals'), seals);
  writeFileSync(kept('lie.seals'), seals.replace('not mended', 'never mended'));
  assert.match(await visit.check(kept('removal.json'), kept('true.seals')),
               /Sealed texts[^]*A flaw that is not mended[^]*is what was sealed in entry \d+/);
  assert.match(await visit.check(kept('notice.json'), kept('lie.seals')),
               /Sealed texts[^]*fails:[^]*never mended[^]*is not what was sealed/);
}

async function checkForged(visit, kept) {
  const evidence = readFileSync(kept('removal.json'), 'utf8');
  for (const [change, name] of [
    [evidence.replace(/(— registrar-1 [^ ]{20})./, '$1A').replace(/(— registrar-2 [^ ]{20})./, '$1A'),
     'signatures'],
    [evidence.replaceAll('"removal"', '"notice"'), 'question'],
    [evidence.replace('Withdrawn', 'Cancelled').replace('withdrawn', 'cancelled'), 'status'],
  ]) {
    const forged = kept(`forged-${name}.json`);
    writeFileSync(forged, change);
    const told = await visit.check(forged);
    for (const words of ['Not genuine', 'INVALID', 'Do not act on it', 'fails:']) {
      assert(told.includes(words), `${words}\n${told}`);
    }
  }
}

async function checkStrangers(visit, kept, registry) {
  for (const [content, looks] of [
    ['%PDF-1.7\n', 'a PDF document'], ['PK\x03\x04', 'a spreadsheet'], ['', 'an empty file'],
    ['From: a@example\nSubject: Notice\n\nHello\n', 'a whole mail'],
    ['<!DOCTYPE html><title>x</title>\n', 'a web page'], ['{"a":1}\n', 'JSON'],
    ['hello\n', 'something else'],
  ]) {
    const file = kept(`stranger-${looks.replaceAll(' ', '-')}`);  // The same name is no change.
    writeFileSync(file, content);
    const told = await visit.check(file);
    assert(told.includes('This is no file that can be judged') && told.includes(looks), told);
  }
  const statement = join(registry.folder, 'registry', 'removal.stmt');
  assert.match(await visit.check(statement), /a statement without its proof[^]*evidence-malformed/);
}

// What a person does not do, and where that leads them.
async function checkMissing(browser, url, kept) {
  const visit = await Visit.open(browser, url);
  assert.match(await visit.submit('check', 'answer'), /Nothing to judge/);
  assert.equal(await visit.tab.evaluate(() => document.activeElement.id), 'answer');
  await visit.choose('file', kept('removal.json'));
  assert.match(await visit.submit('check', 'answer'), /Your policy is missing/);
  await checkLook(visit.tab, 'a missing policy');
  await visit.tab.$eval('#paste', (field, text) => { field.value = text; },
                        readFileSync(kept('model.json'), 'utf8'));
  await visit.choose('policy', kept('../policy.txt'));
  assert.match(await visit.submit('check', 'answer'), /Genuine [^ ]+ is on the list/);
  await visit.close();
}

async function checkStale(visit, kept, registry) {
  const witness = Witness.make('witness.example/w1');
  const policy = readFileSync(registry.policy, 'utf8');
  writeFileSync(kept('witnessed.txt'), witness.addedTo(policy));
  await visit.choose('policy', kept('witnessed.txt'));
  for (const [time, ...said] of [
    [Date.now() - 3 * day, 'Was genuine at ', 'Get a newer file'],
    [Date.now() - 1000, 'Genuine, provisional', 'cosigned by'],
  ]) {
    const file = kept(`cosigned-${time}.json`);
    writeFileSync(file, witness.cosigned(readFileSync(kept('removal.json'), 'utf8'), time));
    const told = await visit.check(file);
    for (const words of said) assert(told.includes(words), `${words}\n${told}`);
  }
  assert.match(await visit.check(kept('removal.json')), /Not genuine/);  // By no witness.
  await visit.choose('policy', kept('../policy.txt'));
}

async function checkFirmware(visit, kept, registry) {
  const file = kept('firmware.bin');
  writeFileSync(file, 'an image');
  const hash = createHash('sha256').update('an image').digest('hex');
  const typed = async (text) => {
    await visit.tab.$eval('#hash', (field, value) => { field.value = value; }, text);
    return visit.submit('compare', 'compared');
  };
  assert.match(await visit.submit('compare', 'compared'), /Nothing to compare/);
  await visit.choose('image', file);
  assert.match(await typed(hash.toUpperCase()), /The same file/);
  assert.match(await typed(hash.replace(/^./, 'g')), /This is no SHA-256/);
  assert.match(await typed('0'.repeat(64)), /Another file[^]*Do not install it/);
  await visit.check(kept('removal.json'));
  assert.match(await typed(''), /Another file[^]*by entry \d+ of the log/);
  const list = readFileSync(join(registry.folder, 'registry', 'list.csv'), 'utf8');
  await visit.choose('sheet', join(registry.folder, 'registry', 'list.csv'));
  assert.match(await visit.submit('submission', 'faults'), /No fault that the registry would refuse/);
  writeFileSync(kept('bad.csv'), list.replace(/\b(ESME|GSME|CH),/, 'TOASTER,'));
  await visit.choose('sheet', kept('bad.csv'));
  assert.match(await visit.submit('submission', 'faults'), /1 to mend[^]*must be mended/);
  await checkLook(visit.tab, 'faults');
  await visit.choose('sheet', join(registry.folder, 'registry', 'extract', 'extract.xlsx'));
  assert.match(await visit.submit('submission', 'faults'), /save the list as "CSV UTF-8"/);
}

async function checkFromFile(browser, registry, page, kept) {
  const url = pathToFileURL(page.file).href;
  const visit = await Visit.open(browser, url, (tab) => tab.setOfflineMode(true));
  await checkLook(visit.tab, 'the page');
  await visit.choose('policy', kept('../policy.txt'));
  await checkGenuine(visit, kept);
  await checkLook(visit.tab, 'a list not fully checked');
  await checkSealed(visit, kept, registry);
  await checkForged(visit, kept);
  await checkLook(visit.tab, 'a forgery');
  await checkStrangers(visit, kept, registry);
  await checkLook(visit.tab, 'a stranger');
  await checkStale(visit, kept, registry);
  await checkFirmware(visit, kept, registry);
  await visit.close();
  await checkMissing(browser, url, kept);
}

// With the policy inside, all that is left to do is to choose the file: by the keyboard alone.
async function checkPolicyInside(browser, registry, kept) {
  const file = kept('with-policy.html');
  const told = cplJson(registry, 'verifier', '--policy', registry.policy, '--out', file);
  assert.equal(told.sha256, createHash('sha256').update(readFileSync(file)).digest('hex'));
  const visit = await Visit.open(browser, pathToFileURL(file).href);
  assert.match(await visit.tab.$eval('#policy-said', (said) => said.textContent), /inside this page/);
  await visit.tab.keyboard.press('Tab');
  assert.equal(await visit.tab.evaluate(() => document.activeElement.className), 'skip');
  await visit.choose('file', kept('notice.json'));
  await visit.tab.focus('#go');
  await visit.tab.keyboard.press('Enter');
  assert.match(await visit.said('answer'), /Genuine, provisional/);
  await visit.close();
}

async function checkServed(browser, registry, page, kept, { removed, notice }) {
  const response = await registry.get('/check');
  assert.match(response.headers.get('content-security-policy'), /default-src 'none'.*frame-ancestors 'none'/);
  assert.equal(await response.text(), page.html);
  const asked = `${registry.server}/check?model=${removed}`;
  const evidence = `${registry.server}/v1/models/${removed}/evidence`;
  const visit = await Visit.open(browser, asked);
  await visit.tab.waitForFunction(() =>
    document.getElementById('given-said').textContent.includes('fetched from this server'));
  assert.equal(await visit.tab.$eval('#own-hash code', (code) => code.textContent), page.hash);
  await visit.choose('policy', kept('../policy.txt'));
  assert.match(await visit.submit('check', 'answer'), /Genuine, provisional/);
  await visit.close(`${registry.server}/check`, evidence);
  const other = await Visit.open(browser, `${registry.server}/check?notice=${notice}`);
  await other.tab.waitForFunction(() =>
    document.getElementById('given-said').textContent.includes('fetched from this server'));
  await other.choose('policy', kept('../policy.txt'));
  assert.match(await other.submit('check', 'answer'), /it is what was asked/);
  await other.close(`${registry.server}/check`, `${registry.server}/v1/notices/${notice}/evidence`);
}

// As a browser of some years ago: it does not know Ed25519, or not how to use it.
async function checkOldBrowser(browser, page, kept) {
  const url = pathToFileURL(page.file).href;
  for (const stub of [
    () => { SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException('no such')); },
    () => { SubtleCrypto.prototype.verify = () => Promise.resolve(false); },
    () => { delete window.WebAssembly; },
  ]) {
    const visit = await Visit.open(browser, url, (tab) => tab.evaluateOnNewDocument(stub));
    assert.match(await visit.said('trouble'), /this browser cannot judge/);
    await visit.choose('file', kept('removal.json'));
    await visit.choose('policy', kept('../policy.txt'));
    const told = await visit.submit('check', 'answer');
    assert.match(told, /No verdict: this browser cannot judge/);
    assert(!told.includes('VALID'));
    await visit.close();
  }
  const bare = await Visit.open(browser, url, (tab) => tab.setJavaScriptEnabled(false));
  assert.match(await bare.tab.$eval('noscript', (told) => told.innerText), /cpl verify FILE/);
  await bare.close();
}

export async function verifier(registry) {
  const page = verifierPage(registry);
  const { files, ...asked } = await genuineFiles(registry);
  const folder = join(registry.folder, 'verifier', 'files');
  keepFiles(registry, folder, files);
  const kept = (name) => join(folder, name);
  writeFileSync(kept('../policy.txt'), readFileSync(registry.policy));
  execFileSync('cp', [join(registry.folder, 'registry/extract/extract.json.p7s'), folder]);
  await checkMarkup(page.html);
  const browser = await launchBrowser();
  try {
    await checkFromFile(browser, registry, page, kept);
    await checkPolicyInside(browser, registry, kept);
    await checkServed(browser, registry, page, kept, asked);
    await checkOldBrowser(browser, page, kept);
  } finally {
    await browser.close();
  }
  return `the verifier (${page.html.length} octets) judges from a file without a network, and served; ` +
         'genuine, forged, stale, none of ours; axe finds nothing wide, dark and narrow';
}
