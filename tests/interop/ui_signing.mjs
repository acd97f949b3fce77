// cpl ui: what the registrars, the Panel and the Service Desk do from a list of new models to an
// applied removal, by pages alone, each at a machine of their own.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkAllViews } from './page_checks.mjs';
import { Person } from './own_pages.mjs';
import { launchBrowser } from './page_walk.mjs';
import { Registry, quiet } from './registry.mjs';

const minutesFile = join(dirname(fileURLToPath(import.meta.url)), '..', 'data', 'minutes',
                         'sample_removal_meeting.txt');

// A meeting after the one that the registry was set up with, which decides of these models.
function writeMinutes(work, models) {
  const text = readFileSync(minutesFile, 'utf8')
    .replace('SEC Panel Meeting 31\nMeeting SECP_31_0804, 8th April 2016',
             'SEC Panel Meeting 32\nMeeting SECP_32_1305, 13th May 2016')
    .replace('{MODEL_1}', models[0]).replace('{MODEL_2}', models[1]);
  const file = join(work, 'meeting-32.txt');
  writeFileSync(file, text);
  return file;
}

async function addModels(first, second, work, registry) {
  execFileSync(join(registry.bin, 'cpl'), ['sample', '-n', '3', '--seed', '77', '--out', 'new.csv'],
               { cwd: work });
  await first.go('/prepare/additions');
  await first.choose('list', join(work, 'new.csv'));
  await first.press('Go on: check before you sign');
  assert.match(await first.title(), /3 statements/);
  await first.press('Sign as registrar-1');
  assert.match(await first.words(), /1 of 2 registrar signatures/);
  await second.go('/sign');
  await second.press(await second.tab.evaluate(
    () => document.querySelector('main a[href^="/sign/additions"]').innerText));
  await second.press('Sign as registrar-2');
  await second.press('Send it to the registry');
  assert.match(await second.words(), /3 of 3 are in the log, proven in the log/);
}

async function logMinutes(registrar, file) {
  await registrar.go('/prepare/minutes');
  await registrar.choose('minutes', file);
  await registrar.tab.select('#status', 'draft');
  await registrar.press('Go on: check before you sign');
  // Its action has the reference of another meeting.
  assert.match(await registrar.words(), /Lines that could not be placed[^]*SECP31\/01/);
  await registrar.choose('minutes', file);
  await registrar.tab.click('#accept_unplaced');
  await registrar.press('Go on: check before you sign');
  await registrar.press('Sign as registrar-1');
  await registrar.press('Send it to the registry');
  assert.match(await registrar.words(), /draft minutes of SECP_32_1305[^]*proven in the log/);
}

// Prepared by the registrar, who cannot sign it, and passed on.
async function decide(registrar, panel, others, file, models) {
  await registrar.go('/prepare/decision');
  await registrar.press('SECP_32_1305');
  await registrar.tab.click('#place-2-2');
  await registrar.fill('remove', models.join('\n'));
  await registrar.press('Go on: check before you sign');
  assert.match(await registrar.words(), /Nothing here is yours to sign/);
  const passedOn = await registrar.saved('Save the file, to pass it on');

  assert.match(await panel.title(), /Statements to sign/);
  await panel.fill('note', passedOn);
  await panel.press('Look at it');
  assert.match(await panel.title(), /a decision of the Panel/);
  assert.match(await panel.words(), /APPROVED: .*APPROVED the removal of Device Models/);
  await panel.choose('minutes', file);
  await panel.press('Compare');
  assert.match(await panel.words(), /The same words/);
  await panel.press('Back to the statement');
  await tickStranded(panel);
  await panel.press('Sign as panel-1');
  const signedOnce = await panel.saved('Save the file, to pass it on');

  await others.fill('note', signedOnce);
  await others.press('Look at it');
  assert.match(await others.words(), /1 of 2 Panel signatures/);
  await tickStranded(others);
  await others.press('Sign as panel-3');
  await others.press('Send it to the registry');
  assert.match(await others.words(), /proven in the log/);
}

async function tickStranded(person) {
  assert.match(await person.words(), /What it leaves devices with/);
  for (const tick of await person.tab.$$('input[name^="without-"]')) await tick.click();
}

// Two registrars sign what the page before prepared, and the second sends it.
async function signTwice(first, second) {
  await tickStranded(first);
  await first.press('Sign as registrar-1');
  const place = new URL(first.tab.url()).pathname;
  await second.go(place);
  await tickStranded(second);
  await second.press('Sign as registrar-2');
  await second.press('Send it to the registry');
  assert.match(await second.words(), /in the log/);
}

async function giveNotice(first, second) {
  await first.go('/');
  assert.equal(await first.title(), 'Today');
  await first.press('Prepare the notice');
  await first.tab.select('#basis', 'CERT_WITHDRAWN');
  await first.press('Go on: check before you sign');
  await signTwice(first, second);
}

async function receipt(desk, notice, words) {
  await desk.go('/desk');
  await desk.press(words, `Notice ${notice}`);
  await desk.press('Sign and send');
  assert.match(await desk.words(), /Signed and sent[^]*proven in the log/);
}

async function remove(first, second) {
  await first.go('/today');
  await first.press('Prepare the removals');
  await first.tab.select('#basis', 'CERT_WITHDRAWN');
  await first.press('Go on: check before you sign');
  assert.match(await first.title(), /2 statements/);
  await signTwice(first, second);
}

// What nobody may do by a page: sign in a wrong role, unticked, unconfirmed, or what is another
// registry's.
async function checkRefusals(browser, registry, work, note) {
  const person = await Person.at(browser, registry, work,
                                 { keys: ['panel-2.key'], askpass: '/bin/false',
                                   outbox: join(work, 'outbox-refused') });
  try {
    await person.fill('note', note);
    await person.press('Look at it');
    const place = person.tab.url();
    await person.tab.$$eval('input[name^="without-"]', (ticks) => {
      for (const tick of ticks) tick.required = false;
    });
    await person.press('Sign as panel-2');
    assert.match(await person.words(), /no-listed-successor/);
    await person.tab.goto(place);
    await tickStranded(person);
    await person.press('Sign as panel-2');
    assert.match(await person.words(), /not-confirmed/);
    await person.tab.goto(place);
    assert.match(await person.words(), /0 of 2 Panel signatures/);
    await person.go('/sign');
    await person.fill('note', note.replace('cpl.example/log', 'other.example/log'));
    await person.press('Look at it');
    assert.match(await person.words(), /origin-mismatch/);
    await person.go('/sign');
    await person.fill('note', 'not a statement');
    await person.press('Look at it');
    assert.match(await person.words(), /Code: /);
    await person.go('/sign/..%2Fdesk.key');
    assert.match(await person.words(), /statement-not-here|not-found|malformed/);
  } finally {
    person.close();
  }
}

// Two registrars who meet at the registry's tray alone: one prepares and signs, the other finds it
// there, signs, and gives the signature back; the registry enters it by itself.
async function signInTray(first, second, work, registry) {
  execFileSync(join(registry.bin, 'cpl'), ['sample', '-n', '1', '--seed', '78', '--out', 'one.csv'],
               { cwd: work });
  execFileSync(join(registry.bin, 'cpl'), ['import', 'one.csv', '--out', 'one-model'], {
    cwd: work, env: { ...process.env, CPL_ORIGIN: 'cpl.example/log' } });
  const [name] = readdirSync(join(work, 'one-model'));
  await first.go('/sign');
  await first.choose('file', join(work, 'one-model', name));
  await first.press('Look at it');
  assert.doesNotMatch(await first.words(), /Put it into/);
  await first.press('Sign as registrar-1');
  await first.tab.click('#submits');
  await first.press('Put it into the registry’s tray, for the others to sign');
  assert.match(await first.words(), /In the registry’s tray[^]*put there by secas[^]*1 of 2/);
  assert.doesNotMatch(await first.words(), /Yours to sign/);

  await second.go('/sign');
  assert.match(await second.words(), /Yours to sign/);
  await checkAllViews(second.tab, second.address, ['/sign']);
  await second.press('Look at it');
  assert.match(await second.title(), /Check before you sign: the addition of a model/);
  await second.press('Sign as registrar-2');
  await second.press('Put it into the registry’s tray, for the others to sign');
  await second.go('/sign');
  assert.match(await second.words(), /In the log: entry \d+/);
}

async function decisionText(registrar, models) {
  await registrar.go('/prepare/decision?meeting=SECP_32_1305');
  await registrar.tab.click('#place-2-2');
  await registrar.fill('remove', models.join('\n'));
  await registrar.press('Go on: check before you sign');
  return registrar.saved('Save the file, to pass it on');
}

export async function uiSigning({ bin }) {
  const registry = new Registry(bin, 20, 0, null, quiet);
  const work = dirname(registry.policy);
  const browser = await launchBrowser();
  const people = [];
  const at = async (keys, outbox, token) => {
    const person = await Person.at(browser, registry, work,
                                   { keys, outbox: join(work, outbox), token });
    people.push(person);
    return person;
  };
  try {
    const first = await at(['registrar-1.key'], 'outbox-secas');
    const second = await at(['registrar-2.key'], 'outbox-secas');
    const panel = await at(['panel-1.key'], 'outbox-panel-1');
    const others = await at(['panel-3.key'], 'outbox-panel-3');
    const desk = await at(['desk.key'], 'outbox-desk');
    const trayed = [await at(['registrar-1.key'], 'outbox-1', registry.secas_token),
                    await at(['registrar-2.key'], 'outbox-2', registry.secas_token)];
    await signInTray(...trayed, work, registry);
    await addModels(first, second, work, registry);
    const { models } = await (await registry.get('/v1/models?device_type=GSME&limit=2')).json();
    const ids = models.map(({ id }) => id);
    const minutes = writeMinutes(work, ids);
    await logMinutes(first, minutes);
    await checkRefusals(browser, registry, work, await decisionText(first, ids));
    await decide(first, panel, others, minutes, ids);
    await giveNotice(first, second);
    const { notices: [{ entry: notice }] } = await (await registry.get('/v1/notices')).json();
    await receipt(desk, notice, 'Sign that it was received');
    await receipt(desk, notice, 'Validate');
    await remove(first, second);
    await receipt(desk, notice, 'Sign that it is applied');
    for (const id of ids) {
      const model = await (await registry.get(`/v1/models/${id}`)).json();
      assert.equal(model.status, 'removed');
    }
    const paths = ['/today', '/prepare', '/prepare/additions',
      '/prepare/minutes', '/prepare/decision', '/prepare/decision?meeting=SECP_32_1305',
      '/prepare/notice', '/prepare/removal', '/prepare/reinstatement', '/sign'];
    await checkAllViews(first.tab, first.address, paths);
    for (const person of people) {
      for (const url of person.told.requests.filter((one) => one.startsWith('http'))) {
        assert(url.startsWith(person.address), `a page of cpl ui asked for ${url}`);
      }
      assert.deepEqual(person.told.errors.filter((one) => !/40[0-9]/.test(one)), []);
    }
    return 'ui: from a list of models to an applied removal by pages alone, five people at five ' +
      'machines; two who meet in the tray alone; what nobody may sign is refused; axe-core and ' +
      `html-validate find nothing on ${paths.length} pages`;
  } finally {
    for (const person of people) person.close();
    await browser.close();
    registry.close();
  }
}
