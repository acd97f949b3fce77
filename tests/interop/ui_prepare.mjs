// cpl ui: a correction, a certificate's end, a disclosure and a charter by pages alone, each with a
// mistake on the way.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { checkAllViews } from './page_checks.mjs';
import { Person } from './own_pages.mjs';
import { launchBrowser } from './page_walk.mjs';
import { Registry, quiet } from './registry.mjs';

const goOn = 'Go on: check before you sign';

// What `clerk` has before them is signed, person after person, and the last one sends it.
async function signAll(clerk, people, names) {
  const place = new URL(clerk.tab.url()).pathname;
  for (const [at, person] of people.entries()) {
    await person.go(place);
    await person.press(`Sign as ${names[at]}`);
  }
  await people.at(-1).press('Send it to the registry');
  assert.match(await people.at(-1).words(), /proven in the log/);
}

async function correct(first, second, registry, id) {
  await first.go('/prepare/correction');
  await first.fill('model', id);
  await first.press('Go on');
  await first.fill('at-manufacturer_name', 'Corrected Meters Ltd');
  await first.fill('at-fir_release_date', 'yesterday');
  await first.press(goOn);
  assert.match(await first.words(), /There is a problem[^]*fir_release_date/);
  assert.match(await first.tab.title(), /^Error: /);
  const kept = await first.tab.$eval('#at-manufacturer_name', (at) => at.value);
  assert.equal(kept, 'Corrected Meters Ltd');
  await first.fill('at-fir_release_date', '');
  await first.press(goOn);
  assert.match(await first.words(), /reason-missing/);
  await first.fill('reason', 'The name had a typing error');
  await first.press(goOn);
  assert.match(await first.title(), /correction/);
  assert.match(await first.words(), /Corrected Meters Ltd/);
  await signAll(first, [first, second], ['registrar-1', 'registrar-2']);
  const { model } = await (await registry.get(`/v1/models/${id}`)).json();
  assert.equal(model.manufacturer_name, 'Corrected Meters Ltd');
  assert.equal(model.fir_release_date, undefined);
}

async function endCertificate(first, second, registry, id) {
  await first.go('/prepare/certificate');
  await first.fill('model', id);
  await first.tab.select('#scheme', 'zigbee');
  await first.tab.select('#event', 'withdrawn');
  await first.fill('date', '1 December');
  await first.press(goOn);
  assert.match(await first.words(), /date-malformed/);
  assert.equal(await first.tab.$eval('#event', (at) => at.value), 'withdrawn');
  await first.fill('date', '2026-06-01');
  await first.press(goOn);
  await signAll(first, [first, second], ['registrar-1', 'registrar-2']);
  const model = await (await registry.get(`/v1/models/${id}`)).json();
  assert(JSON.stringify(model.lapsed).includes('zigbee'));
}

async function disclose(first, second, registry) {
  await first.go('/prepare/disclosure');
  await first.fill('entry', String(registry.sealed.entry));
  await first.press(goOn);
  assert.match(await first.words(), /seals-missing/);
  await first.choose('seals', registry.sealed.seals);
  await first.press(goOn);
  await signAll(first, [first, second], ['registrar-1', 'registrar-2']);
  await first.go(`/entries/${registry.sealed.entry}`);
  const [, opened] = /opened by entry (\d+)/.exec(await first.words());
  await first.go(`/entries/${opened}`);
  assert.match(await first.words(), /A flaw that is not mended everywhere yet/);
}

async function newCharter(first, panel, registry) {
  await first.go('/prepare/charter');
  assert.match(await first.words(), /It replaces the one in entry 0, which is proven/);
  const keys = await first.tab.$eval('#panel', (at) => at.value);
  await first.fill('panel', `${keys}nonsense`);
  await first.press(goOn);
  assert.match(await first.words(), /key-malformed/);
  assert.match(await first.tab.$eval('#panel', (at) => at.value), /nonsense/);
  await first.fill('panel', keys);
  await first.fill('cpa_years', '7');
  await first.press(goOn);
  assert.match(await first.words(), /Check before you sign: .*charter/);
  await signAll(first, panel, ['panel-1', 'panel-3']);
  const { content } = await (await registry.get('/v1/charter')).json();
  assert.equal(content.replaces, 0);
  assert.equal(content.policy.cpa_years_max, 7);
}

export async function uiPrepare({ bin }) {
  const registry = new Registry(bin, 20, 0, null, quiet);
  const work = dirname(registry.policy);
  const browser = await launchBrowser();
  const people = [];
  const at = async (key) => {
    const person = await Person.at(browser, registry, work,
                                   { keys: [key], outbox: join(work, 'outbox-shared') });
    people.push(person);
    return person;
  };
  try {
    const first = await at('registrar-1.key');
    const second = await at('registrar-2.key');
    const panel = [await at('panel-1.key'), await at('panel-3.key')];
    const { models } = await (await registry.get('/v1/models?device_type=GSME&limit=1')).json();
    const [{ id }] = models;
    await correct(first, second, registry, id);
    await endCertificate(first, second, registry, id);
    await disclose(first, second, registry);
    await newCharter(first, panel, registry);
    const paths = ['/prepare', '/prepare/correction', `/prepare/correction?model=${id}`,
      '/prepare/certificate', '/prepare/disclosure', '/prepare/charter'];
    await checkAllViews(first.tab, first.address, paths);
    for (const person of people) {
      assert.deepEqual(person.told.errors.filter((one) => !/40[0-9]|422/.test(one)), []);
    }
    return 'ui: a correction, a certificate\'s end, a disclosure and a charter by pages alone, with ' +
      `a step back from each mistake; nothing is found on ${paths.length} pages`;
  } finally {
    for (const person of people) person.close();
    await browser.close();
    registry.close();
  }
}
