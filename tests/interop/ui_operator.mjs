// cpl ui: the operator's day in a browser: Parties and tokens, whom an entry reached, sealed texts
// that are kept, a backup; and what a Party's token does not open.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { checkAllViews } from './page_checks.mjs';
import { Person } from './own_pages.mjs';
import { launchBrowser } from './page_walk.mjs';
import { Registry, quiet, until } from './registry.mjs';
import { receiver } from './webhooks.mjs';

const asParty = (registry, token) => fetch(`${registry.server}/v1/subscriptions`, {
  headers: { authorization: `Bearer ${token}` },
});

async function addParty(operator, registry) {
  await operator.go('/operator/parties');
  await operator.fill('name', 'north-energy');
  await operator.press('Add it, and show its token');
  assert.match(await operator.words(), /shown on this page alone/);
  const token = await operator.tab.$eval('main code', (at) => at.innerText);
  assert.equal((await asParty(registry, token)).status, 200);
  await operator.press('Back to north-energy');
  assert(!(await operator.tab.content()).includes(token), 'a token is shown once');
  return token;
}

// Another token, and the end of the first one.
async function replaceToken(operator, registry, first) {
  await operator.go('/operator/parties/north-energy');
  await operator.fill('label', '2027');
  await operator.press('Make it');
  const second = await operator.tab.$eval('main code', (at) => at.innerText);
  await operator.press('Back to north-energy');
  const [end] = await operator.tab.$$eval('main td a', (links) =>
    links.map((one) => one.innerText).filter((one) => one.startsWith('End tok_')));
  await operator.press(end);
  assert.match(await operator.words(), /Subscriptions go on/);
  await operator.press('End it');
  assert.match(await operator.words(), /Ended/);
  assert.equal((await asParty(registry, first)).status, 401);
  assert.equal((await asParty(registry, second)).status, 200);
}

async function checkReached(operator, registry) {
  const newest = registry.sealed.entry;
  await operator.go('/deliveries');
  await operator.fill('entry', String(newest));
  await operator.press('Show');
  const words = await operator.words();
  assert.match(words, /Delivered: 1/);
  assert.match(words, /north-energy\s*No subscription/);
  assert.match(words, /example-energy\s*Delivered/);
  const csv = await operator.saved('Save as CSV');
  assert.match(csv, /^entry,party,legal_name,audience,state,delivered,failed_attempts\r?\n/);
  assert.match(csv, new RegExp(`${newest},example-energy,,party,delivered,`));
  // A charter says something to everybody; minutes do not.
  await operator.go('/deliveries?entry=x');
  assert.match(await operator.words(), /named by its number/);
}

async function sendAgain(operator, registry, subscription) {
  await operator.go('/operator/subscriptions');
  assert.match(await operator.words(), /example-energy/);
  await operator.press(subscription);
  assert.match(await operator.words(), /Nothing troubles it/);
  const before = (await registry.subscription(subscription)).deliveries;
  await operator.fill('from', '0');
  await operator.press('Send again from there');
  await until(60, 'what is sent again', async () =>
    (await registry.subscription(subscription)).deliveries >= 2 * before);
  await operator.fill('from', 'soon');
  await operator.press('Send again from there');
  assert.match(await operator.words(), /Give the number of the entry/);
}

async function destroyOpening(operator, registry) {
  registry.keepOpening('AMBER');
  const { entry } = registry.sealed;
  await operator.go('/operator/openings');
  assert.match(await operator.words(), /AMBER\s*example-energy/);
  assert(!(await operator.words()).includes('A flaw that is not mended'), 'what it says is not shown');
  await operator.press(`Destroy ${entry} /reason`);
  await operator.fill('typed', '0');
  await operator.press('Destroy it');
  assert.match(await operator.words(), /There is a problem/);
  await operator.fill('typed', String(entry));
  await operator.press('Destroy it');
  assert.match(await operator.words(), /None\./);
}

async function makeBackup(operator, registry, work) {
  await operator.go('/operator/backups');
  await operator.press('Make a backup now');
  assert.match(await operator.words(), /The backup is made/);
  const folder = await operator.tab.$eval('main dd .hash', (at) => at.innerText);
  const found = execFileSync(join(registry.bin, 'cpl'), ['fsck', folder],
                             { cwd: work, encoding: 'utf8' });
  assert.match(found, /nothing is wrong/);
}

async function checkStranger(browser, registry, work) {
  const party = await Person.at(browser, registry, work, {
    keys: [], token: registry.party_token, outbox: join(work, 'outbox-party') });
  try {
    await party.go('/operator');
    assert.match(await party.words(), /credentials-unknown|not the operator/);
    const places = await party.tab.$$eval('nav a', (links) => links.map((one) => one.innerText));
    assert(!places.includes('Operator'));
  } finally {
    party.close();
  }
}

export async function uiOperator({ bin }) {
  const registry = new Registry(bin, 20, 0, null, quiet);
  const work = dirname(registry.policy);
  const hooks = await receiver(() => {});
  const browser = await launchBrowser();
  const operator = await Person.at(browser, registry, work, {
    keys: [], token: registry.operator_token, outbox: join(work, 'outbox-operator') });
  try {
    assert.equal(await operator.title(), 'Operator');
    assert.match(await operator.words(), /Ready: statements are taken/);
    const { id } = await registry.subscribe(`http://127.0.0.1:${hooks.address().port}/hook?key=own`);
    const { log_size: size } = await (await registry.get('/v1/status')).json();
    await until(60, 'what is delivered', async () =>
      (await registry.subscription(id)).cursor === size);
    const token = await addParty(operator, registry);
    await replaceToken(operator, registry, token);
    // It was made after the entries, and was told of them all the same: it asked from the first on.
    await sendAgain(operator, registry, id);
    await until(60, 'what is sent again', async () =>
      (await registry.subscription(id)).cursor === size);
    await destroyOpening(operator, registry);
    await makeBackup(operator, registry, work);
    await checkStranger(browser, registry, work);
    registry.keepOpening('AMBER');
    const pages = ['/operator', '/operator/parties', '/operator/parties/north-energy',
      '/operator/subscriptions', `/operator/subscriptions/${id}`, '/operator/openings',
      `/operator/openings/destroy?entry=${registry.sealed.entry}&field=%2Freason`,
      '/operator/backups', '/deliveries', `/deliveries?entry=${registry.sealed.entry}`,
      '/deliveries?entry=1'];
    await checkAllViews(operator.tab, operator.address, pages);
    for (const path of pages) {
      await operator.go(path);
      const html = await operator.tab.content();
      assert(!html.includes(registry.operator_token), `the operator's token is on ${path}`);
      assert(!html.includes('key=own'), `a receiver's path is on ${path}`);
    }
    await checkReached(operator, registry);
    for (const url of operator.told.requests.filter((one) => one.startsWith('http'))) {
      assert(url.startsWith(operator.address), `a page of cpl ui asked for ${url}`);
    }
    assert.deepEqual(operator.told.errors.filter((one) => !/40[0-9]/.test(one)), []);
    return 'ui: an operator adds a Party, replaces its token, sends again, sees whom an entry ' +
      'reached, destroys an opening and makes a backup; axe-core and html-validate find nothing ' +
      `on ${pages.length} pages`;
  } finally {
    operator.close();
    await browser.close();
    hooks.close();
    registry.close();
  }
}
