// What a reader is told, in words: of an answer, of a file that is none of ours, of a time.

// As the registry's pages have it: verdict, tag, colour.
const outcomes = {
  'VALID': ['Genuine', 'good'],
  'VALID, provisional': ['Genuine, provisional', 'warn'],
  'VALID, stale': ['Was genuine', 'warn'],
  'INVALID': ['Not genuine', 'bad'],
};
export const tagOf = (verdict) => outcomes[verdict] ?? ['No verdict', 'grey'];

const meanings = {
  'VALID, provisional': 'Final minutes are awaited: they may still say otherwise.',
  'VALID, stale': 'It was so when witnesses last saw the log, longer ago than a day. Get a newer ' +
                  'file before you act on it.',
  'INVALID': 'Do not act on it. Keep the file, and call the Code Administrator by a number that ' +
             'you did not get with it.',
};
export const meaningOf = (verdict) => meanings[verdict] ?? '';

// What a verdict of that kind leaves open.
export function notShown(answer) {
  if (answer.question === 'extract') {
    return ['The registrar\'s own signature on the list (the .p7s file) is not checked here: use ' +
            'cpl verify.',
            'Whether a newer version of the list was published.'];
  }
  if (answer.question) {
    return ['That no later charter, decision or minutes were left out of the file. An audit shows ' +
            'that (cpl audit).',
            'What happened after the time above: ask again before you act.'];
  }
  return ['Whether the rules allow what the entry says: evidence shows that, and the entry\'s page ' +
          'offers it.',
          'That no other message was kept from you: the numbers of a stream have no gaps.'];
}

const beginnings = [
  [/^%PDF-/, 'a PDF document'],
  [/^PK\x03\x04/, 'a spreadsheet, a document or an archive (ZIP)'],
  [/^\xd0\xcf\x11\xe0/, 'an old spreadsheet or document'],
  [/^\x89PNG|^\xff\xd8\xff|^GIF8/, 'a picture'],
  [/^\x1f\x8b/, 'a packed file (gzip): unpack it first'],
  [/^\s*<(!doctype|html)/i, 'a web page: the server may have sent an error in place of the file'],
  [/^\s*<\?xml/, 'XML'],
  [/^(Return-Path|Received|From|Date|MIME-Version|Delivered-To|Subject): /im,
   'a whole mail: save the attachment whose name ends in .json and choose that'],
  [/^-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key. Give it to nobody'],
  [/^-----BEGIN /, 'a key or a certificate'],
  [/^cpl\/statement\/v1\n/, 'a statement without its proof'],
  [/^(#.*\n)*(log|witness|group|quorum) /, 'a trust policy: choose it under 2'],
  [/^[^\n]+\n\d+\n[A-Za-z0-9+/]{43}=\n/, 'a checkpoint, which says how long the log is'],
  [/^\s*\{/, 'JSON, but not as the registry writes it, or cut short'],
];

// What a file is that is none of ours, by how it begins.
export function looksLike(octets) {
  const start = Array.from(octets.subarray(0, 512), (octet) => String.fromCharCode(octet)).join('');
  if (octets.length === 0) return 'an empty file';
  return beginnings.find(([beginning]) => beginning.test(start))?.[1] ?? 'something else';
}

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit',
  minute: '2-digit', second: '2-digit', timeZoneName: 'short',
});
export function ukTime(time) {
  const part = Object.fromEntries(clock.formatToParts(new Date(time)).map(
    ({ type, value }) => [type, value]));
  return `${part.hour}:${part.minute}:${part.second} ${part.timeZoneName}, ` +
         `${part.day} ${part.month} ${part.year}`;
}

// A sentence of the judge's with its times as people in Britain read them.
export const inUkTime = (sentence) =>
  sentence.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, ukTime);
