// A Party in a browser: the whole life of a webhook through pages alone, against a real receiver;
// a report and its answer; a sealed text. And what others could do in its name: nothing.
import assert from 'node:assert/strict';
import http from 'node:http';
import * as standard from 'standardwebhooks';
import { checkBarriers, checkMarkup } from './page_checks.mjs';
import { launchBrowser, openTab } from './page_walk.mjs';
import { Registry, quiet, until } from './registry.mjs';
import { receiver } from './webhooks.mjs';

/* global document */
const views = [[1200, 'light'], [1200, 'dark'], [320, 'light']];

// One that nothing listens at, for the moment.
function freePort() {
  const server = http.createServer();
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  }));
}

// A Party at work. Every page that it comes to is looked at.
class Visitor {
  constructor(server, tab, told) {
    Object.assign(this, { server, tab, told, looked: new Map(), secrets: [] });
    tab.on('response', (response) => {
      const isPage = response.request().isNavigationRequest() && response.status() !== 303;
      if (!isPage) return;
      this.text = response.text();
      this.text.then((text) => {
        if (text.includes('whsec_')) this.secrets.push(response.url());
      }).catch(() => {});  // Of a page that was left before anybody looked.
    });
  }
  words() {
    return this.tab.evaluate(() => document.querySelector('main').innerText);
  }
  async says(what) {
    assert.match(await this.words(), what, this.tab.url());
  }
  async never(what) {
    assert.doesNotMatch(await this.words(), what, this.tab.url());
  }
  path() {
    return this.tab.url().slice(this.server.length);
  }
  async go(path) {
    await this.tab.goto(this.server + path);
  }
  // What is seen now, by eyes and by screen readers.
  async look(name) {
    this.looked.set(name, await this.text);
    for (const [width, scheme] of views) {
      await this.tab.setViewport({ width, height: 900 });
      await this.tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await checkBarriers(this.tab, `${name} (${width}, ${scheme})`);
    }
  }
  async fill(field, text) {
    await this.tab.$eval(`#${field}`, (input) => { input.value = ''; });
    await this.tab.type(`#${field}`, text);
  }
  // By keyboard: from the main content, or from the page's top, to the button or link that says so.
  async press(words, from = '#main') {
    await this.tab.focus(from);
    for (let i = 0; i < 90; ++i) {
      await this.tab.keyboard.press('Tab');
      const text = await this.tab.evaluate(() => document.activeElement.textContent.trim());
      if (text !== words) continue;
      await Promise.all([this.tab.waitForNavigation(), this.tab.keyboard.press('Enter')]);
      return;
    }
    assert.fail(`no "${words}" can be reached by keyboard at ${this.tab.url()}`);
  }
  // Loads the page again and again, until it says so.
  async await(path, what) {
    await until(60, `${path} says ${what}`, async () => {
      await this.go(path);
      return what.test(await this.words());
    });
  }
}

async function signIn(me, registry) {
  await me.go('/me');
  assert.match(me.path(), /^\/sign-in\?to=%2Fme$/);
  await me.look('sign in');
  await me.fill('token', 'guessed');
  await me.press('Sign in');
  await me.says(/There is a problem[^]*No Party here has this token/);
  await me.look('sign in, refused');
  await me.fill('token', registry.party_token);
  await me.press('Sign in');
  assert.equal(me.path(), '/me');
  await me.says(/You have none yet/);
  await me.look('nothing yet');
}

// Where to, what of, what it would have told; then the secret, this once.
async function makeWebhook(me, url) {
  await me.press('New subscription');
  await me.look('new subscription');
  await me.press('Go on: see what you would be told');
  await me.says(/Say where events are to go/);
  await me.look('new subscription, refused');
  await me.fill('url', url);
  await me.tab.click('label[for="device-ESME"]');
  await me.press('Go on: see what you would be told');
  await me.says(/It would have told you \d+ changes in the last 90 days/);
  await me.look('new subscription, checked');
  await me.press('Make it');
  await me.says(/Keep the secret now/);
  await me.look('secret');
  const secret = /whsec_[A-Za-z0-9+/=]+/.exec(await me.words())[0];
  await me.press('Go on to the subscription');
  return { secret, page: me.path() };
}

// The receiver gets what the pages say that it got.
async function deliver(me, at, events, mode) {
  await me.await(at.page, /did not consent/);
  await me.look('subscription, not reached');
  await me.go('/me');
  await me.look('me, not reached');
  mode.consents = true;
  await me.go(at.page);
  await me.press('Ask the receiver again');
  await me.says(/The receiver is asked now/);
  await me.await(at.page, /Active/);
  await me.press('Send a test');
  await me.says(/A test event is on its way/);
  const test = await until(60, 'a test', () => events.find(({ id }) => id.startsWith('tst_')));
  new standard.Webhook(at.secret).verify(test.body, test.headers);
  await me.await(`${at.page}/attempts?state=delivered`, /your test/);
  await me.look('attempts');
  await me.go(at.page);
  await me.fill('from', '0');
  await me.press('Send again');
  await me.says(/It is sent again from that entry/);
  await until(60, 'an event', () => events.find(({ id }) => !id.startsWith('tst_')));
  await me.await(at.page, /Delivered\s+[1-9]/);
  await me.look('subscription');
}

async function fail(me, at, mode) {
  mode.status = 503;
  await me.press('Send a test');
  await me.await(`${at.page}/attempts?state=failed`, /your test/);
  await Promise.all([me.tab.waitForNavigation(), me.tab.click('tbody th a')]);
  await me.says(/What went wrong[^]*answered 503[^]*What to do:/);
  await me.look('attempt');
  mode.status = 204;
  await me.go(at.page);
  await me.press('Pause');
  await me.says(/Paused/);
  await me.press('Resume');
  await me.says(/Active/);
}

// The old secret signs beside the new one.
async function rotate(me, at, events) {
  await me.press('Make a new secret');
  await me.says(/The secret before this one still signs/);
  const secret = /whsec_[A-Za-z0-9+/=]+/.exec(await me.words())[0];
  assert.notEqual(secret, at.secret);
  await me.look('new secret');
  await me.go(at.page);
  const before = events.length;
  await me.press('Send a test');
  const test = await until(60, 'a test', () => events.slice(before).find(
    ({ id }) => id.startsWith('tst_')));
  for (const one of [secret, at.secret]) new standard.Webhook(one).verify(test.body, test.headers);
  return secret;
}

// Two of one Party at once: the second sees what the first did, and chooses.
async function changeAndEnd(me, at, registry) {
  const id = at.page.split('/').at(-1);
  await me.press('Change address or filter');
  await me.look('change');
  await registry.request(`/${id}`, 'PATCH', { filter: { device_types: ['GSME'] } });
  await me.tab.click('label[for="device-CH"]');
  await me.press('Change it');
  await me.says(/It was changed since you looked[^]*GSME[^]*ESME and CH/);
  await me.look('conflict');
  await me.press('Change it as I want it');
  await me.says(/It is changed/);
  assert.deepEqual((await registry.subscription(id)).filter.device_types, ['ESME', 'CH']);
  await me.press('End it');
  await me.look('end');
  await me.press('End it');
  assert.equal(me.path(), '/me');
  await me.says(/You have none yet/);
  assert.equal((await registry.subscription(id)).state, 'retired');
}

async function report(me, registry) {
  const { models: [model] } = await (await registry.get('/v1/models?status=listed')).json();
  await me.go(`/models/${model.id}`);
  await me.press('Report a wrong entry');
  await me.press('Send it to SECAS');
  await me.says(/There is a problem/);
  await me.look('report, refused');
  await me.fill('text', 'The firmware version is another one.');
  await me.press('Send it to SECAS');
  await me.says(/SECAS has not answered yet/);
  await me.look('report');
  registry.cplWith(registry.operator_token, 'report', 'answer', '1', '--outcome', 'no-action',
                   '--reason', 'It is as printed.');
  await me.go(me.path());
  await me.says(/It is as printed/);
  await me.look('report, answered');
  registry.keepOpening('AMBER');
  await me.go('/me/openings');
  await me.says(/AMBER/);
  await me.look('openings');
  await me.press(`Read those of entry ${registry.sealed.entry}`);
  await me.says(/A flaw that is not mended everywhere yet/);
  await me.look('opening');
}

// A page of another port of the same host is sent the cookie, and can send no form.
async function attack(browser, me) {
  const evil = http.createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<form method="post" action="${me.server}${request.url}">` +
                 '<input name="form" value="0.0"><button>x</button></form>');
  });
  await new Promise((resolve) => evil.listen(0, '127.0.0.1', resolve));
  const { tab } = await openTab(browser);
  for (const path of ['/sign-out', '/me/subscriptions/new', '/me', '/sign-in']) {
    await tab.goto(`http://127.0.0.1:${evil.address().port}${path}`);
    const [answer] = await Promise.all([tab.waitForNavigation(), tab.click('button')]);
    assert.equal(answer.status(), 403, path);
    assert.match(await answer.text(), /cross-site-request/);
  }
  await tab.close();
  evil.close();
  await me.go('/me');
  await me.says(/Your notifications/);
}

// Nothing is left in the browser, and Back leads to the form.
async function signOut(me, browser) {
  await me.press('Sign out', 'a.skip');
  assert.equal(me.path(), '/signed-out');
  await me.look('signed out');
  await me.tab.goBack();
  await me.never(/Your notifications|Who is signed in/);
  assert.deepEqual(await browser.cookies(), []);
  await me.go('/me');
  assert.match(me.path(), /^\/sign-in/);
}

// With the pages' own policy; and with no script at all.
async function asReadersHaveThem(browser, registry, hasScripts) {
  const { tab, told } = await openTab(browser);
  await tab.setJavaScriptEnabled(hasScripts);
  const bare = new Visitor(registry.server, tab, told);
  await bare.go('/sign-in');
  await bare.fill('token', registry.party_token);
  await bare.press('Sign in');
  for (const path of ['/me', '/me/subscriptions/new', '/me/openings', '/report', '/reports/1']) {
    await bare.go(path);
    assert.equal(bare.path(), path);
  }
  await bare.go('/me');
  await bare.press('Sign out', 'a.skip');
  await bare.says(/You are signed out/);
  await tab.close();
  assert.deepEqual(told.errors, []);
  return told.requests;
}

export async function party({ bin }) {
  const port = await freePort();
  const registry = new Registry(bin, 12, 0, null, {
    ...quiet, PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}`,
  });
  const mode = { consents: false, status: 204 };
  const events = [];
  const server = await receiver((request, body) => {
    events.push({ id: request.headers['webhook-id'], headers: request.headers, body });
    return mode.status;
  }, () => mode.consents);
  const browser = await launchBrowser();
  try {
    const { tab, told } = await openTab(browser);
    await tab.setBypassCSP(true);  // For axe alone, which is brought along.
    const me = new Visitor(registry.server, tab, told);
    await signIn(me, registry);
    const at = await makeWebhook(me, `http://127.0.0.1:${server.address().port}/hook`);
    await deliver(me, at, events, mode);
    await fail(me, at, mode);
    await rotate(me, at, events);
    await changeAndEnd(me, at, registry);
    await report(me, registry);
    await attack(browser, me);
    await signOut(me, browser);
    await checkMarkup(me.looked);
    assert.equal(me.secrets.length, 2, `the secrets are in ${me.secrets.join(' ')}`);
    const bare = await asReadersHaveThem(browser, registry, false);
    const scripted = await asReadersHaveThem(browser, registry, true);
    for (const url of [...told.requests, ...bare, ...scripted]) {
      assert(url.startsWith(registry.server), `a page asked for ${url}`);
    }
    // A refusal is an error to the browser, and was wanted.
    const wanted = /the server responded with a status of (400|401|412)/;
    assert.deepEqual(told.errors.filter((one) => !wanted.test(one)), []);
    return `party: a webhook's whole life through ${me.looked.size} pages in ${views.length} ` +
      'views: axe-core and html-validate find nothing; no other site sends a form';
  } finally {
    await browser.close();
    server.close();
    registry.close();
  }
}
