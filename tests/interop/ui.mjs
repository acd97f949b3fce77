// cpl ui: the Service Desk's day in a browser on its own machine, by keyboard alone; and what others
// try to reach those pages from elsewhere.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startUi } from './own_pages.mjs';
import { launchBrowser, openTab } from './page_walk.mjs';
import { Registry, quiet } from './registry.mjs';

// As programs can and browsers cannot be made to: any header at all.
function send(address, method, path, headers = {}, body = '') {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, method, path, headers, setHost: false },
                                 (response) => {
                                   let text = '';
                                   response.on('data', (octets) => { text += octets; });
                                   response.on('end', () => resolve({
                                     status: response.statusCode, headers: response.headers, text,
                                   }));
                                 });
    request.on('error', reject);
    request.end(body);
  });
}

async function checkStrangers(address, open) {
  const host = new URL(address).host;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  // A name that somebody makes lead here (DNS rebinding).
  assert.equal((await send(address, 'GET', '/desk', { host: 'rebind.example' })).status, 421);
  assert.equal((await send(address, 'GET', '/desk', {})).status, 400);
  // Another program of this machine, without the browser's secret.
  const stranger = await send(address, 'GET', '/desk', { host });
  assert.equal(stranger.status, 401);
  assert(!stranger.text.includes('notice'), 'a refusal says nothing of what is behind it');
  // A start code that is guessed.
  const guess = `code=${'0'.repeat(64)}`;
  assert.equal((await send(address, 'POST', '/session', { host, ...form }, guess)).status, 403);
  // The real one, once and no more.
  const code = /name="code" value="([0-9a-f]{64})"/.exec(readFileSync(open, 'utf8'))[1];
  const first = await send(address, 'POST', '/session', { host, ...form }, `code=${code}`);
  assert.equal(first.status, 200);
  assert.match(first.headers['set-cookie'][0], /HttpOnly; SameSite=Strict/);
  assert.equal((await send(address, 'POST', '/session', { host, ...form }, `code=${code}`)).status,
               403);
  const cookie = first.headers['set-cookie'][0].split(';')[0];
  assert.equal((await send(address, 'GET', '/desk', { host, cookie })).status, 200);
  // A page on another port of this address is sent the cookie; it cannot hide where it is from.
  for (const from of [{ origin: 'http://127.0.0.1:1' }, { 'sec-fetch-site': 'same-site' },
                      { 'sec-fetch-site': 'cross-site' }]) {
    assert.equal((await send(address, 'GET', '/desk', { host, cookie, ...from })).status, 403);
    assert.equal((await send(address, 'POST', '/lookup', { host, cookie, ...form, ...from },
                             'ids=x')).status, 403);
  }
  // Our own origin, without the form that we gave out.
  assert.equal((await send(address, 'POST', '/lookup', { host, cookie, ...form, origin: address },
                           'ids=x&form=00')).status, 403);
  // Another user of this machine, who has got hold of the cookie.
  if (process.getuid() === 0) {
    const status = execFileSync('setpriv', [
      '--reuid', '65534', '--clear-groups', 'curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}',
      '-H', `Cookie: ${cookie}`, `${address}/desk`], { encoding: 'utf8' });
    assert.equal(status, '403');
  }
  const answer = await send(address, 'GET', '/desk', { host, cookie });
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.equal(answer.headers['access-control-allow-origin'], undefined);
  return cookie;
}

// Tab to the link or button that says so, and Enter.
async function pressOn(tab, words) {
  for (let i = 0; i < 60; ++i) {
    await tab.keyboard.press('Tab');
    const text = await tab.evaluate(() => document.activeElement.textContent.trim());
    if (text !== words) continue;
    await Promise.all([tab.waitForNavigation(), tab.keyboard.press('Enter')]);
    return;
  }
  assert.fail(`no "${words}" can be reached by keyboard`);
}

const wordsOf = (tab) => tab.evaluate(() => document.querySelector('main').innerText);

function removeRest(registry, work, notice) {
  const cpl = (...args) => execFileSync(join(registry.bin, 'cpl'), args, {
    cwd: work,
    env: { ...process.env, CPL_SERVER: registry.server, CPL_ORIGIN: 'cpl.example/log',
           CPL_POLICY: registry.policy },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for (const model of notice.models.filter((id) => !(id in notice.removals))) {
    cpl('remove', model, '--notice', String(notice.entry), '--basis', 'cert-withdrawn',
        '--dcc-status', 'withdrawn', '--out', 'rest.stmt');
    for (const n of [1, 2]) cpl('sign', 'rest.stmt', '--key', `registrar-${n}.key`, '--without-successor', model);
    cpl('submit', 'rest.stmt');
  }
}

export async function ui({ bin }) {
  const registry = new Registry(bin, 20, 0, null, quiet);
  const work = join(dirname(registry.policy));
  const browser = await launchBrowser();
  const running = [];
  try {
    const strangers = await startUi(registry, work, { keys: ['desk.key'] });
    running.push(strangers.ui);
    await checkStrangers(strangers.address, strangers.open);

    const { notices: [notice] } = await (await registry.get('/v1/notices?state=open')).json();
    const desk = await startUi(registry, work, { keys: ['desk.key'] });
    running.push(desk.ui);
    const { tab, told } = await openTab(browser);
    await tab.goto(pathToFileURL(desk.open).href);
    await tab.waitForFunction(() => document.querySelector('h1')?.textContent === 'Desk inbox');
    assert.match(await wordsOf(tab), new RegExp(`Notice ${notice.entry}\\s*Validated\\s*Genuine`));
    await pressOn(tab, 'Sign that it is applied');
    assert.match(await wordsOf(tab), /is not removed yet/);
    removeRest(registry, work, notice);
    await tab.goto(`${desk.address}/desk`);
    await pressOn(tab, 'Sign that it is applied');
    assert.match(await wordsOf(tab), /What is signed, to the letter[^]*"status":"applied"/);
    await pressOn(tab, 'Sign and send');
    assert.match(await wordsOf(tab), /Signed and sent[^]*proven in the log/);
    const after = await (await registry.get(`/v1/notices/${notice.entry}`)).json();
    assert.equal(after.state, 'applied');
    await tab.goto(`${desk.address}/desk`);
    assert.match(await wordsOf(tab), /Nothing waits/);
    await tab.goto(`${desk.address}/lookup`);
    await tab.type('#ids', notice.models[0]);
    await pressOn(tab, 'Look them up');
    assert.match(await wordsOf(tab), /0 listed, 0 under notice, 1 removed/);
    // The verifier is there, too, and is given the evidence of what it is asked.
    await tab.goto(`${desk.address}/check?notice=${notice.entry}`);
    if (await tab.$('#judge')) {
      await tab.waitForFunction(() =>
        document.getElementById('given-said').textContent.includes('fetched from this server'));
    }
    for (const url of told.requests.filter((one) => one.startsWith('http'))) {
      assert(url.startsWith(desk.address), `a page of cpl ui asked for ${url}`);
    }
    assert.deepEqual(told.errors.filter((one) => !one.includes('409')), []);

    return 'ui: the desk signs that a removal is applied, by keyboard alone; ' +
      'strangers of nine kinds are refused';
  } finally {
    for (const one of running) one.kill('SIGTERM');
    await browser.close();
    registry.close();
  }
}
