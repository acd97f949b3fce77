// Pictures of pages, for people to look at: each wide, narrow, dark and as a paper.
//   node tests/interop/screenshots.mjs SERVER FOLDER [PATH...]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser, openTab, walkPages } from './page_walk.mjs';

const [server, folder, ...chosen] = process.argv.slice(2);
if (!server || !folder) {
  console.error('usage: tools/screenshots SERVER FOLDER [PATH...]');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const paths = chosen.length > 0 ? chosen : [...(await walkPages(server)).keys()];
const nameOf = (path) => path.replaceAll(/[^A-Za-z0-9-]+/g, '_').replaceAll(/^_|_$/g, '') || 'home';
const browser = await launchBrowser();
const { tab } = await openTab(browser);
for (const path of paths) {
  for (const [view, width, scheme] of [['wide', 1200, 'light'], ['dark', 1200, 'dark'],
                                       ['narrow', 320, 'light']]) {
    await tab.setViewport({ width, height: 800 });
    await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await tab.goto(server + path);
    await tab.screenshot({ path: join(folder, `${nameOf(path)}-${view}.png`), fullPage: true });
  }
  await tab.pdf({ path: join(folder, `${nameOf(path)}.pdf`), format: 'A4' });
}
await browser.close();
console.log(`${paths.length} pages are in ${folder}`);
