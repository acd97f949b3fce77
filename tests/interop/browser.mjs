// Debian's Chromium: a page of another origin follows the stream of changes over connections that
// are cut, until it is told to stop; and the page that an audit writes is opened, looked into and
// drawn.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';
import { Skipped, within } from './registry.mjs';
import { cuttingProxy, drops, types } from './stream.mjs';

const chromium = '/usr/bin/chromium';
const patience = 30;  // Seconds, for each of the pages.

// A page that tells what it asks for and what goes wrong in it.
async function openPage(browser, url) {
  const page = await browser.newPage();
  const told = { requests: [], errors: [] };
  page.on('request', (request) => told.requests.push(request.url()));
  page.on('pageerror', (error) => told.errors.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) told.errors.push(message.text());
  });
  const response = await page.goto(url, { timeout: patience * 1000 });
  assert(response.ok(), `${url} answered ${response.status()}`);
  return { page, told };
}

function servePage() {
  const server = http.createServer((request, response) => {
    response.writeHead(request.url === '/' ? 200 : 204, { 'Content-Type': 'text/html' });
    response.end(request.url === '/' ? '<!DOCTYPE html><title>A reader</title>' : '');
    server.paths.push(request.url);
  });
  server.paths = [];
  return new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(server)));
}

// Runs in the page: its own EventSource, until it has so many events. `drops` are the last ids that
// it had when a connection ended.
/* global EventSource, window */
function readStream(url, names, wanted) {
  return new Promise((resolve, reject) => {
    const source = new EventSource(url);
    const seen = [];
    const drops = [];
    let last = '';
    const take = ({ type, data, lastEventId, origin }) => {
      const { id, sequence, prevsequence } = JSON.parse(data);
      last = lastEventId;
      if (!type.endsWith('.checkpoint.v1')) {
        seen.push({ id, sequence, prevsequence, lastEventId, origin });
      }
      if (seen.length < wanted) return;
      source.close();
      resolve({ seen, drops, origin: window.origin });
    };
    for (const name of names) source.addEventListener(name, take);
    source.onerror = () => {
      drops.push(last);
      if (source.readyState === EventSource.CLOSED) reject(new Error('the stream is refused'));
    };
  });
}

// Runs in the page: whether the browser gives the stream up, or would ask again.
function isGivenUp(url) {
  return new Promise((resolve) => {
    const source = new EventSource(url);
    source.onerror = () => {
      resolve(source.readyState === EventSource.CLOSED);
      source.close();
    };
  });
}

async function checkResumption(registry, page, proxy) {
  const events = await registry.events();
  const stream = `http://127.0.0.1:${proxy.address().port}`;
  const names = types.map((type) => `example.cpl.${type}.v1`);
  const { seen, drops: dropped, origin } = await within(patience, 'the stream in the browser',
    page.evaluate(readStream, `${stream}/v1/changes/stream?after=earliest`, names, events.length));
  assert.notEqual(origin, stream);
  assert.deepEqual(seen.map(({ id }) => id), events.map(({ id }) => id));
  for (const [at, event] of seen.entries()) {
    assert.equal(event.lastEventId, event.sequence);
    assert.equal(event.prevsequence, seen[at - 1]?.sequence);
    assert.equal(event.origin, stream);
  }
  assert.equal(proxy.cuts, drops);
  // It asks for what is behind the last event that it has whole; for all, while it has none.
  const asked = proxy.requests.map((request) => {
    assert.match(request, new RegExp(`^Origin: ${origin}\r$`, 'm'));
    return request.match(/^Last-Event-ID: (\d+)\r$/im)?.[1] ?? '';
  });
  assert.deepEqual(asked, ['', ...dropped]);
  assert(new Set(asked).size > drops / 2, 'most connections brought nothing');
  return seen.length;
}

async function checkStream(registry, browser) {
  const server = await servePage();
  const proxy = await cuttingProxy(new URL(registry.server).port, drops);
  try {
    const own = `http://127.0.0.1:${server.address().port}`;
    const { page } = await openPage(browser, `${own}/`);
    const events = await checkResumption(registry, page, proxy);
    // A page that has seen more than there is must not go on, nor one that is told that it is over.
    const ahead = `${registry.server}/v1/changes/stream?after=${'999999'.padStart(20, '0')}`;
    for (const url of [ahead, `${own}/gone`]) {
      assert(await within(patience, url, page.evaluate(isGivenUp, url)), `${url} is asked again`);
    }
    assert.deepEqual(server.paths.filter((path) => path === '/gone'), ['/gone']);
    await page.close();
    return `${events} events in another origin's page over ${drops} cut connections, none lost, ` +
           'none twice; a cursor ahead (409) and a 204 end it';
  } finally {
    server.close();
    proxy.close();
  }
}

// Runs in the page: what stands in the tables, by the name of the row.
/* global document */
function readFigures() {
  const rows = [...document.querySelectorAll('tr:has(> th[scope=row])')];
  return {
    outcome: document.querySelector('.outcome').innerText,
    border: window.getComputedStyle(document.querySelector('.outcome')).borderTopColor,
    figures: Object.fromEntries(rows.map(
      (row) => [row.querySelector('th').innerText, row.querySelector('td').innerText])),
    wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  };
}

async function checkReport(registry, browser) {
  const file = join(registry.folder, 'audit.html');
  const report = JSON.parse(execFileSync(
    join(registry.bin, 'cpl'),
    ['audit', registry.server, '--policy', registry.policy, '--html', file, '--json'],
    { encoding: 'utf8' }));
  const url = pathToFileURL(file).href;
  const { page, told } = await openPage(browser, url);
  const { outcome, border, figures, wide } = await page.evaluate(readFigures);
  assert.match(outcome, /^Result: SOUND\./);
  assert.equal(border, 'rgb(0, 90, 48)', 'the page has lost its style');
  assert(!wide, 'the page is wider than the window');
  const shown = {
    'Entries': report.log_size,
    'Root': report.root,
    'Models listed': report.models.listed,
    'Models removed': report.models.removed,
    'Signatures verified': report.signatures,
    'State roots computed again and equal': report.state_roots,
    'Hash tiles compared octet by octet': report.tiles,
    ...report.entries_by_type,
    ...report.signatures_by_role,
  };
  for (const [name, value] of Object.entries(shown)) {
    assert.equal(figures[name], String(value), name);
  }
  assert.equal(figures[report.removals[0].model], report.removals[0].maker);
  const picture = join(registry.folder, 'audit.png');
  await page.screenshot({ path: picture, fullPage: true });
  const header = readFileSync(picture).subarray(0, 24);  // RFC 2083: the size comes first.
  assert.equal(header.subarray(1, 4).toString(), 'PNG');
  assert(header.readUInt32BE(20) > 1000, 'the picture is too low for the report');
  assert.deepEqual(told, { requests: [url], errors: [] });
  await page.close();
  return `an audit's page with ${Object.keys(shown).length} figures as told, no error, no request`;
}

export async function browser(registry) {
  if (!existsSync(chromium)) throw new Skipped('Chromium is not installed: tools/setup interop');
  const started = await puppeteer.launch({
    executablePath: chromium,
    headless: true,
    timeout: patience * 1000,
    userDataDir: join(registry.folder, 'browser'),
    // As root Chromium cannot start with its sandbox; all that it opens here is our own.
    args: ['--disable-dev-shm-usage', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
  });
  try {
    const said = [await checkStream(registry, started), await checkReport(registry, started)];
    return `${(await started.version()).replace('Headless', '')}: ${said.join('; ')}`;
  } finally {
    await started.close();
  }
}
