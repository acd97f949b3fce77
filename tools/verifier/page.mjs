// The page around the judge: what was chosen goes in, the verdict comes out in words.
import { byId, element, note, paragraph, show, table } from './dom.mjs';
import { read, sorted } from './files.mjs';
import { checkEd25519, images, judge, NoEd25519, opened, sha256Hex, sheet } from './judge.mjs';
import { inUkTime, looksLike, meaningOf, notShown, tagOf, ukTime } from './words.mjs';

const octetsOf = (base64) => Uint8Array.from(atob(base64.trim()), (c) => c.charCodeAt(0));
const isServed = location.protocol !== 'file:';

const beside = ['entry', 'extractProof', 'signature', 'openings'];
const chosen = {};    // What to judge and what stands beside it, by the judge's places.
let genuine;          // The octets of the newest evidence that was found genuine.
let expected = '';    // What was asked, where the address of the page asks it.
let judgeModule;
let reading = Promise.resolve();  // Of the files that were chosen last.

// What keeps this page from judging at all; nothing where it can.
async function whatIsMissing() {
  if (typeof WebAssembly !== 'object') return 'it cannot run WebAssembly';
  if (!crypto.subtle) return 'it gives pages no cryptography here: open the page by https or from a file';
  try {
    await checkEd25519(crypto.subtle);
  } catch (error) {
    if (error instanceof NoEd25519) return error.message;
    throw error;
  }
  judgeModule ??= await WebAssembly.compile(octetsOf(byId('judge').textContent));
  return undefined;
}

function showTooOld(id, why) {
  show(id, note('warn', 'No verdict: this browser cannot judge', paragraph(
    `The judge cannot run here: ${why}. Chrome and Edge can since version 137, Firefox since 129, ` +
    'Safari since 17. Or use the program: cpl verify FILE --policy policy.txt')));
}

function showProblem(id, head, text, field) {
  const link = element('a', { href: `#${field}` }, text);
  show(id, note('bad', head, paragraph(link)));
  byId(field).setAttribute('aria-invalid', 'true');
}

function sayChosen() {
  const others = beside.filter((place) => chosen[place]);
  byId('given-said').textContent = chosen.content
    ? `To be judged: ${chosen.content.name}` +
      (others.length > 0 ? `, with ${others.map((place) => chosen[place].name).join(', ')}` : '')
    : '';
  byId('policy-said').textContent = chosen.policy ? `Policy: ${chosen.policy.name}` : '';
}

function take(found) {
  if (found.content) {
    for (const place of ['content', ...beside]) delete chosen[place];
    byId('paste').value = '';
    expected = '';
  }
  Object.assign(chosen, found);
  sayChosen();
}

async function readAndTake(list, asPolicy) {
  try {
    const files = await Promise.all(list.map(read));
    if (files.length > 0) take(asPolicy ? { policy: files[0] } : sorted(files));
  } catch (error) {
    showProblem('trouble', 'The file was not read', error.message, asPolicy ? 'policy' : 'file');
  }
}

// One after the other: what was chosen last is what is judged.
function takeFiles(list, asPolicy) {
  const files = Array.from(list);
  reading = reading.then(() => readAndTake(files, asPolicy));
}

function takePasted() {
  const text = byId('paste').value;
  if (text.trim() === '') return;
  // A browser ends pasted lines as it likes: the registry's texts end each with LF.
  const lines = text.replace(/\r\n?/g, '\n').trimStart();
  const octets = new TextEncoder().encode(lines.endsWith('\n') ? lines : `${lines}\n`);
  for (const place of ['content', ...beside]) delete chosen[place];
  chosen.content = { name: 'pasted text', octets };
  sayChosen();
}

function checkList(checks) {
  return element('ul', { class: 'checks' }, ...checks.map(({ name, passed, detail }) => element(
    'li', passed ? {} : { class: 'fails' },
    element('span', {}, ...(passed ? [] : [element('span', { class: 'hidden' }, 'fails: ')]),
            `${name}: ${inUkTime(detail)}`))));
}

function detailsOf(text) {
  return element('details', {}, element('summary', {}, element('span', {}, 'For programs')),
                 element('pre', {}, text));
}

const isUnread = ({ checks, verdict }) =>
  verdict === 'INVALID' && checks?.length === 1 && checks[0].name === 'file';

// Of what the judge cannot read at all, or refuses to judge.
function unreadable(answer, text) {
  const sentence = answer.error?.detail ?? answer.sentence;
  const code = answer.error?.code ?? answer.code;
  return [note('warn', 'This is no file that can be judged',
               paragraph(element('span', { class: 'tag grey' }, 'No verdict'),
                         ` ${chosen.content.name} is ${looksLike(chosen.content.octets)}.`),
               paragraph(`The judge says: ${sentence} (${code})`),
               paragraph('What can be judged: evidence and notices that you download from the ' +
                         'registry\'s pages, the file attached to its mails, the body of a ' +
                         'webhook, a tlog-proof, and the list as CSV or JSON with its proof.')),
          detailsOf(text)];
}

// A list whose every check passed but the one that no browser can make.
const isButUnsigned = ({ code }) => code === 'signature-unchecked';

function verdictNote(answer) {
  const [word, kind] = isButUnsigned(answer) ? ['Signature not checked', 'warn']
                                             : tagOf(answer.verdict);
  const when = answer.verdict === 'VALID, stale' && answer.as_of ? ` at ${ukTime(answer.as_of)}` : '';
  const lead = element('p', { class: 'lead' }, element('span', { class: `tag ${kind}` }, word + when),
                       ` ${inUkTime(answer.sentence)}`);
  const meaning = isButUnsigned(answer)
    ? 'Every row is as the log has it. Who signed the file itself, cpl verify tells.'
    : meaningOf(answer.verdict);
  const rest = [];
  if (meaning) rest.push(paragraph(meaning));
  if (answer.code && !isButUnsigned(answer)) rest.push(paragraph(`The refusal's code: ${answer.code}`));
  if (answer.as_of) {
    rest.push(paragraph(`As of ${ukTime(answer.as_of)}, log size ${answer.log_size}.`));
  }
  const head = isButUnsigned(answer) ? 'Not fully checked' : answer.verdict;
  return note(kind, head, lead, ...rest);
}

// What somebody says of the sealed texts, against the seals in the log.
function sealedTexts(found) {
  const told = found.error
    ? [element('li', { class: 'fails' }, `The openings cannot be read: ${found.error.detail}`)]
    : found.map(({ field, text, entry }) => element('li', entry === null ? { class: 'fails' } : {},
      ...(entry === null
        ? [element('span', { class: 'hidden' }, 'fails: '),
           `${field}: "${text}" is not what was sealed in any entry here`]
        : [`${field}: "${text}" is what was sealed in entry ${entry}`])));
  return [element('h2', {}, 'Sealed texts'), element('ul', { class: 'checks' }, ...told)];
}

async function showAnswer(text) {
  const answer = JSON.parse(text);
  genuine = undefined;
  if (answer.error || isUnread(answer)) {
    show('answer', ...unreadable(answer, text));
    return;
  }
  if (answer.question && answer.verdict.startsWith('VALID')) genuine = chosen.content.octets;
  const shown = [verdictNote(answer)];
  if (answer.checks) {
    // The one that failed is what a reader looks for.
    const checks = [...answer.checks].sort((a, b) => Number(a.passed) - Number(b.passed));
    shown.push(element('h2', {}, 'What was checked'), checkList(checks));
  }
  if (genuine && chosen.openings) {
    shown.push(...sealedTexts(
      await opened(judgeModule, crypto.subtle, genuine, chosen.openings.octets)));
  }
  if (answer.verdict.startsWith('VALID') || isButUnsigned(answer)) {
    shown.push(element('h2', {}, 'What this does not show'),
               element('ul', {}, ...notShown(answer).map((open) => element('li', {}, open))));
  }
  show('answer', ...shown, detailsOf(text));
}

async function check() {
  byId('trouble').replaceChildren();
  await reading;
  for (const field of ['file', 'policy']) byId(field).removeAttribute('aria-invalid');
  takePasted();
  if (!chosen.content) {
    showProblem('answer', 'Nothing to judge', 'Choose the file that you were given, or paste its text.',
                'file');
    return;
  }
  if (!chosen.policy) {
    showProblem('answer', 'Your policy is missing',
                'Choose your policy.txt: it says whose signatures you believe.', 'policy');
    return;
  }
  const missing = await whatIsMissing();
  if (missing) {
    showTooOld('answer', missing);
    return;
  }
  await showAnswer(await judge(judgeModule, crypto.subtle, {
    content: chosen.content.octets,
    name: chosen.content.name,
    policy: chosen.policy.octets,
    policyName: chosen.policy.name,
    expect: expected,
    entry: chosen.entry?.octets,
    signature: chosen.signature?.octets,
    extractProof: chosen.extractProof?.octets,
  }, { now: Date.now() }));
}

function showComparison(found, wanted, whose) {
  const isSame = found === wanted;
  show('compared', note(isSame ? 'good' : 'bad', isSame ? 'The same file' : 'Another file',
                        paragraph(isSame ? `Its SHA-256 is that of ${whose}.`
                                         : `Its SHA-256 is not that of ${whose}. Do not install it.`),
                        paragraph('The file: ', element('code', { class: 'hash' }, found)),
                        paragraph('Expected: ', element('code', { class: 'hash' }, wanted))));
}

async function compare() {
  const [file] = byId('image').files;
  if (!file) {
    showProblem('compared', 'Nothing to compare', 'Choose the firmware file.', 'image');
    return;
  }
  const found = sha256Hex((await read(file)).octets);
  const typed = byId('hash').value.replace(/[\s:]/g, '').toLowerCase();
  if (typed !== '') {
    if (!/^[0-9a-f]{64}$/.test(typed)) {
      showProblem('compared', 'This is no SHA-256',
                  'A SHA-256 has 64 characters, each a digit or a letter from a to f.', 'hash');
      return;
    }
    showComparison(found, typed, 'what you typed');
    return;
  }
  const listed = genuine ? await images(judgeModule, crypto.subtle, genuine) : [];
  if (listed.length === 0) {
    showProblem('compared', 'Nothing to compare with',
                genuine ? 'The evidence above names no firmware: type the SHA-256 from the model\'s page.'
                        : 'Type the SHA-256, or check evidence of the model above first.', 'hash');
    return;
  }
  const match = listed.find(({ image_hash: hash }) => hash === found) ?? listed[0];
  showComparison(found, match.image_hash, `${match.model}, by entry ${match.entry} of the log`);
}

async function lookForFaults() {
  const [file] = byId('sheet').files;
  if (!file) {
    showProblem('faults', 'Nothing to look into', 'Choose the list.', 'sheet');
    return;
  }
  const missing = await whatIsMissing();
  if (missing) {
    showTooOld('faults', missing);
    return;
  }
  const found = await sheet(judgeModule, crypto.subtle, (await read(file)).octets, Date.now());
  const rows = found.problems.map(({ row, column, severity, detail }) =>
    [row ? String(row) : '', column, severity === 'error' ? 'must be mended' : 'look at it', detail]);
  const head = found.errors > 0 ? `${found.errors} to mend` : 'No fault that the registry would refuse';
  show('faults', note(found.errors > 0 ? 'bad' : 'good', head, paragraph(
    found.errors > 0 ? 'Mend these in your list, save it as CSV UTF-8, and look again.'
                     : `${found.models} rows were read, ${found.warnings} to look at. The registry ` +
                       'also checks each model against the list when it is sent in.')),
       ...(rows.length > 0 ? [table('What was found', ['Row', 'Column', 'How grave', 'What'], rows)]
                           : []));
}

// A form of the page: nothing is sent anywhere, and a failure of the page itself is said.
function onSubmit(form, answer, act) {
  byId(form).addEventListener('submit', (event) => {
    event.preventDefault();
    act().catch((error) => show(answer, note('bad', 'No verdict: this page failed', paragraph(
      `Nothing was judged: ${error.message}. Use cpl verify, and tell the Code Administrator.`))));
  });
}

// The address may ask for one question's evidence, from the server that the page came from.
async function fetchAsked() {
  const asked = new URLSearchParams(location.search);
  const [model, notice] = [asked.get('model'), asked.get('notice')];
  if (!isServed || (!model && !notice)) return;
  const path = model ? `/v1/models/${encodeURIComponent(model)}/evidence`
                     : `/v1/notices/${encodeURIComponent(notice)}/evidence`;
  const name = model ?? `notice ${notice}`;
  const response = await fetch(path);
  if (!response.ok) throw new Error(`this server gives no evidence of ${name} (${response.status})`);
  take({ content: { name: `evidence of ${name}`, octets: new Uint8Array(await response.arrayBuffer()) } });
  if (notice) expected = `notice:${notice}`;
  byId('given-said').textContent += ', fetched from this server';
  if (chosen.policy) await check();
}

// What this server sent as this page. A server that lies about the page lies about this, too: it is
// shown so that it can be compared with what others got.
async function showOwnHash() {
  byId('way-back').hidden = false;
  byId('save-here').hidden = false;
  const response = await fetch(location.pathname);
  if (!response.ok) return;
  const hash = sha256Hex(new Uint8Array(await response.arrayBuffer()));
  byId('own-hash').replaceChildren('SHA-256 of this page, as this server sends it: ',
                                   element('code', { class: 'hash' }, hash));
}

function begin() {
  const inside = byId('policy-inside').textContent.trim();
  if (inside) {
    chosen.policy = { name: 'the policy inside this page', octets: octetsOf(inside) };
    sayChosen();
  }
  byId('file').addEventListener('change', (event) => takeFiles(event.target.files, false));
  byId('policy').addEventListener('change', (event) => takeFiles(event.target.files, true));
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length > 0) takeFiles(event.dataTransfer.files, false);
  });
  onSubmit('check', 'answer', check);
  onSubmit('compare', 'compared', compare);
  onSubmit('submission', 'faults', lookForFaults);
  whatIsMissing().then((missing) => missing && showTooOld('trouble', missing)).then(async () => {
    if (isServed) await showOwnHash();
    await fetchAsked();
  }).catch((error) => showProblem('trouble', 'Something is missing', error.message, 'file'));
}

begin();
