// What programs that nobody here wrote find in a page: html-validate in its text, axe-core in what a
// browser makes of it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HtmlValidate } from 'html-validate';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export const views = [
  { name: 'wide', width: 1200, scheme: 'light' },
  { name: 'dark', width: 1200, scheme: 'dark' },
  { name: 'tablet', width: 768, scheme: 'light' },
  { name: 'narrow', width: 320, scheme: 'light' },
];

export async function setView(tab, view) {
  await tab.setBypassCSP(true);  // For axe alone, which is brought along.
  await tab.setViewport({ width: view.width, height: 900 });
  await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: view.scheme }]);
}

// Of texts by their paths.
export async function checkMarkup(pages) {
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended', 'html-validate:a11y'],
    // Ours: written by a program, one element after the other.
    rules: { 'long-title': 'off', 'no-trailing-whitespace': 'off', 'void-style': 'off' },
  });
  const wrong = [];
  for (const [path, html] of pages) {
    const report = await validator.validateString(html);
    for (const { messages } of report.results) {
      for (const { ruleId, message, line, column } of messages) {
        wrong.push(`${path}:${line}:${column} ${ruleId}: ${message}`);
      }
    }
  }
  assert.deepEqual(wrong.slice(0, 20), []);
}

// Runs in the page.
/* global window, document */
async function lookForBarriers(tags) {
  const { violations, incomplete } = await window.axe.run(document, {
    runOnly: { type: 'tag', values: tags },
  });
  const told = (list) => list.map(({ id, help, nodes }) =>
    `${id}: ${help}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  const unsure = incomplete.filter(({ id, nodes }) =>
    !(id === 'color-contrast' && nodes.every(({ html }) => html.startsWith('<text'))));
  return { violations: told(violations), unsure: told(unsure) };
}

// The tab passes over the page's policy, so that axe can be brought along.
export async function checkBarriers(tab, where) {
  const [inner, outer] = await tab.evaluate(() =>
    [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.equal(inner, outer, `${where} is ${inner} wide in a window of ${outer}`);
  await tab.evaluate(axe);
  const found = await tab.evaluate(lookForBarriers, rules);
  assert.deepEqual(found, { violations: [], unsure: [] }, where);
}

// Each of these pages in every view, in the tab that may see them.
export async function checkAllViews(tab, server, paths) {
  for (const view of views) {
    await setView(tab, view);
    for (const path of paths) {
      const response = await tab.goto(server + path, { waitUntil: 'load' });
      const where = `${path} (${view.name})`;
      await checkMarkup([[where, await response.text()]]);
      await checkBarriers(tab, where);
    }
  }
}
