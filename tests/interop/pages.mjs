// The pages, looked at by programs that nobody here wrote: html-validate reads each, Chromium opens
// it wide and narrow, light and dark, with and without scripts, and axe-core looks for what keeps
// people out.
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { checkBarriers, checkMarkup, setView, views } from './page_checks.mjs';
import { launchBrowser, openTab, walkPages } from './page_walk.mjs';
import { Registry, quiet } from './registry.mjs';

const htmlMax = 40_000;
const packedMax = 12_000;
const requestsMax = 6;
// Lists are as long as they are: a hundred models, all changes of a page.
const longLists = /^\/(models|changes)(\?|$)/;

function checkWeights(pages) {
  for (const [path, html] of pages) {
    if (longLists.test(path)) continue;
    assert(html.length <= htmlMax, `${path} has ${html.length} octets`);
    const packed = gzipSync(html).length;
    assert(packed <= packedMax, `${path} has ${packed} octets packed`);
  }
}

async function checkView(browser, registry, paths, view) {
  const { tab, told } = await openTab(browser);
  await setView(tab, view);
  for (const path of paths) {
    told.requests.length = 0;
    await tab.goto(registry.server + path, { waitUntil: 'load' });
    const where = `${path} (${view.name})`;
    const files = told.requests.filter((url) => !url.includes('/v1/changes/stream'));
    assert(files.length <= requestsMax, `${where} asks for ${files.join(' ')}`);
    for (const url of told.requests) assert(url.startsWith(registry.server), `${where}: ${url}`);
    await checkBarriers(tab, where);
    assert.deepEqual(told.errors, [], where);
  }
  await tab.close();
}

// As readers have them: the page's own policy holds, and nothing of it is broken.
async function checkPolicy(browser, registry, paths) {
  const { tab, told } = await openTab(browser);
  for (const path of paths) {
    await tab.goto(registry.server + path, { waitUntil: 'load' });
    assert.deepEqual(told.errors, [], path);
  }
  await tab.close();
}

// Runs in the page. What a script adds is not part of it.
function wordsOf() {
  const main = document.querySelector('main').cloneNode(true);
  for (const added of main.querySelectorAll('.live, .copy')) added.remove();
  return main.textContent.replace(/\s+/g, ' ').trim();
}

async function checkWithoutScripts(browser, registry, paths) {
  const { tab } = await openTab(browser);
  const { tab: bare } = await openTab(browser);
  await bare.setJavaScriptEnabled(false);
  for (const path of paths) {
    await tab.goto(registry.server + path);
    await bare.goto(registry.server + path);
    assert.equal(await bare.evaluate(wordsOf), await tab.evaluate(wordsOf), path);
  }
  await tab.close();
  await bare.close();
}

// From the address bar: the way past the navigation, then each link, always to be seen.
async function checkKeyboard(browser, registry) {
  const { tab } = await openTab(browser);
  await tab.goto(`${registry.server}/models`);
  await tab.keyboard.press('Tab');
  assert.equal(await tab.evaluate(() => document.activeElement.textContent),
               'Skip to main content');
  await tab.keyboard.press('Enter');
  assert.equal(await tab.evaluate(() => document.activeElement.id), 'main');
  for (let i = 0; i < 25; ++i) {
    await tab.keyboard.press('Tab');
    const { isSeen, name } = await tab.evaluate(() => {
      const { top, bottom, width } = document.activeElement.getBoundingClientRect();
      return {
        isSeen: width > 0 && bottom > 0 && top < window.innerHeight,
        name: document.activeElement.outerHTML.slice(0, 80),
      };
    });
    assert(isSeen, `the focus is out of sight on ${name}`);
  }
  await tab.close();
}

// A reader looks up the removed model from the home page and learns on whose decision it went.
async function journey(browser, registry) {
  const { tab } = await openTab(browser);
  await tab.goto(`${registry.server}/`);
  const { models } = await (await registry.get('/v1/models?status=removed')).json();
  await tab.type('#q', models[0].id);
  await Promise.all([tab.waitForNavigation(), tab.keyboard.press('Enter')]);
  assert(tab.url().endsWith(`/models/${models[0].id}`), `a whole id led to ${tab.url()}`);
  const words = await tab.evaluate(wordsOf);
  assert.match(words, /Devices of this model are suspended/);
  assert.match(words, /Why it was removed, and on whose decision/);
  await Promise.all([tab.waitForNavigation(), tab.click('ol.steps a[href^="/notices/"]')]);
  assert.match(await tab.evaluate(wordsOf), /Is it genuine\? ?Genuine/);
  await tab.close();
}

// Who has a list of devices pastes it and sees what has become of them.
async function lookUpList(browser, registry) {
  const { tab } = await openTab(browser);
  const { models: [removed] } = await (await registry.get('/v1/models?status=removed')).json();
  const { models: [listed] } = await (await registry.get('/v1/models?status=listed')).json();
  await tab.goto(`${registry.server}/lookup`);
  await tab.type('#ids', `${listed.id}\n${removed.id}\nESME-1063-00050203-0BADF00D\n`);
  await Promise.all([tab.waitForNavigation(), tab.click('form[method="post"] button')]);
  assert.match(await tab.evaluate(wordsOf), /1 listed, 0 under notice, 1 removed, 1 never listed/);
  await tab.type('#ids', 'no model');
  await Promise.all([tab.waitForNavigation(), tab.click('form[method="post"] button')]);
  assert.match(await tab.evaluate(wordsOf), /Not every line is the id of a model/);
  await tab.close();
}

// Who keeps a page open is told of a new entry, without anything moving.
async function checkLive(browser, { bin }) {
  const registry = new Registry(bin, 10, 1, null, quiet);  // Whose entries nobody else counts.
  try {
    const { tab } = await openTab(browser);
    await tab.goto(`${registry.server}/changes`);
    await tab.waitForFunction(() => document.querySelector('.live')?.textContent.includes('told'));
    registry.submitNext();
    await tab.waitForFunction(() => document.querySelector('.live').textContent.includes('1 new'));
    await tab.close();
  } finally {
    registry.close();
  }
}

export async function pages(registry) {
  const found = await walkPages(registry.server);
  // The verifier is a program of its own, looked at in verifier.mjs.
  for (const [path, html] of found) if (html.includes('id="judge"')) found.delete(path);
  const paths = [...found.keys()];
  await checkMarkup(found);
  checkWeights(found);
  const browser = await launchBrowser();
  try {
    for (const view of views) await checkView(browser, registry, paths, view);
    await checkPolicy(browser, registry, paths);
    await checkWithoutScripts(browser, registry, paths);
    await checkKeyboard(browser, registry);
    await journey(browser, registry);
    await lookUpList(browser, registry);
    await checkLive(browser, registry);
  } finally {
    await browser.close();
  }
  return `pages: ${paths.length} pages in ${views.length} views: html-validate and axe-core find ` +
    'nothing; no request to elsewhere, nothing needs a script';
}
