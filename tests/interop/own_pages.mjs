// The pages of `cpl ui`: started, opened as its user opens them, and worked with.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { openTab } from './page_walk.mjs';

// `keys` are files in the registry's folder; whoever is asked outside the browser answers by the
// program `askpass`, and whose token it is says `token`. One line of JSON says where it is.
export async function startUi(registry, work, { keys, askpass = '/bin/true', outbox, token }) {
  const ui = spawn(join(registry.bin, 'cpl'),
                   ['ui', '--no-browser', '--json', '--outbox', outbox ?? join(work, 'outbox'),
                    ...keys.flatMap((key) => ['--key', join(work, key)])],
                   {
                     env: {
                       ...process.env,
                       CPL_SERVER: registry.server,
                       CPL_POLICY: registry.policy,
                       CPL_ASKPASS: askpass,
                       ...(token && { CPL_TOKEN: token }),
                     },
                     stdio: ['ignore', 'pipe', 'inherit'],
                   });
  let text = '';
  for await (const line of createInterface({ input: ui.stdout })) {
    text += line;
    try {
      return { ui, ...JSON.parse(text) };
    } catch {
      // Its JSON goes over several lines.
    }
  }
  throw new Error(`cpl ui ended: ${text}`);
}

// A person at their own machine, with their keys, in front of a browser of their own.
export class Person {
  static async at(browser, registry, work, options) {
    const person = new Person();
    Object.assign(person, await startUi(registry, work, options));
    Object.assign(person, await openTab(await browser.createBrowserContext()));
    await person.tab.goto(pathToFileURL(person.open).href);
    await person.tab.waitForFunction(() => document.querySelector('main h1') !== null);
    return person;
  }

  // Where nothing else says it, the page of this address.
  async go(path) {
    await this.tab.goto(this.address + path);
  }

  words() {
    return this.tab.evaluate(() => document.querySelector('main').innerText);
  }

  title() {
    return this.tab.evaluate(() => document.querySelector('main h1').innerText);
  }

  // The link or button that says so; in the card with that heading, where there are several.
  async press(words, heading = '') {
    const found = await this.tab.evaluateHandle((text, card) => {
      for (const closed of document.querySelectorAll('main details')) closed.open = true;
      const place = card === '' ? document.querySelector('main')
        : [...document.querySelectorAll('main article')]
          .find((one) => one.querySelector('h3').innerText.trim() === card);
      return [...place.querySelectorAll('a, button')]
        .find((one) => one.innerText.trim() === text);
    }, words, heading);
    assert(found.asElement(), `"${words}" is not on the page: ${await this.words()}`);
    await Promise.all([this.tab.waitForNavigation(), found.asElement().click()]);
  }

  async choose(field, file) {
    await (await this.tab.$(`#${field}`)).uploadFile(file);
  }

  async fill(field, text) {
    await this.tab.$eval(`#${field}`, (at, value) => { at.value = value; }, text);
  }

  // A file that the page offers, as its link gives it.
  saved(words) {
    return this.tab.evaluate(async (text) => {
      const link = [...document.querySelectorAll('main a')]
        .find((one) => one.innerText.trim() === text);
      return (await fetch(link.href)).text();
    }, words);
  }

  close() {
    this.ui.kill('SIGTERM');
  }
}
