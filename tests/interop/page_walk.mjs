// The pages of a registry as a browser has them: which there are, by their links, and one of them
// opened with all that goes wrong in it told.
import assert from 'node:assert/strict';
import { Skipped } from './registry.mjs';
import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

const chromium = '/usr/bin/chromium';
const perPattern = 4;  // Pages of one kind: there are as many models as one likes.

export async function launchBrowser() {
  if (!existsSync(chromium)) throw new Skipped('there is no Chromium');
  return puppeteer.launch({
    executablePath: chromium,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}

// "/models/ESME-…" and "/models/GSME-…" are of one kind; so are two pages of one list.
function kindOf(path) {
  const [place, query] = path.split('?');
  const segments = place.split('/').map((part, at) => (at > 1 ? '*' : part)).join('/');
  const names = [...new URLSearchParams(query ?? '').keys()].sort().join('&');
  return `${segments}?${names}`;
}

function linksOf(html) {
  return [...html.matchAll(/<a [^>]*href="([^"]*)"/g)]
    .map(([, link]) => link.replaceAll('&amp;', '&').split('#')[0])
    .filter((link) => link.startsWith('/'));
}

// By their paths, the text of every kind of page that can be reached from the home page.
export async function walkPages(server) {
  const pages = new Map();
  const counts = new Map();
  const waiting = ['/'];
  const seen = new Set(waiting);
  while (waiting.length > 0) {
    const path = waiting.shift();
    const response = await fetch(server + path, { headers: { accept: 'text/html,*/*;q=0.8' } });
    assert(response.ok, `${path} answered ${response.status}`);
    if (!response.headers.get('content-type').startsWith('text/html')) continue;
    const html = await response.text();
    pages.set(path, html);
    for (const link of linksOf(html)) {
      const kind = kindOf(link);
      if (seen.has(link) || link.startsWith('/v1/') || (counts.get(kind) ?? 0) >= perPattern) continue;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      seen.add(link);
      waiting.push(link);
    }
  }
  return pages;
}

// A tab that keeps what its pages ask for and what goes wrong in them.
export async function openTab(browser) {
  const tab = await browser.newPage();
  const told = { requests: [], errors: [] };
  tab.on('request', (request) => told.requests.push(request.url()));
  tab.on('pageerror', (error) => told.errors.push(String(error)));
  tab.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) told.errors.push(message.text());
  });
  return { tab, told };
}
