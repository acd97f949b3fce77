// Puts the judge, the page's script and the style into one file, and that into a constant of the
// programs. The same sources give the same octets.
//   node build.mjs JUDGE.wasm STYLE.css CHECK.html CONSTANT.cpp
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const [judge, style, page, constant] = process.argv.slice(2);
if (constant === undefined) {
  console.error('usage: node build.mjs JUDGE.wasm STYLE.css CHECK.html CONSTANT.cpp');
  process.exit(2);
}

async function script() {
  const { outputFiles } = await build({
    entryPoints: [join(here, 'page.mjs')],
    bundle: true,
    minify: true,
    charset: 'ascii',
    format: 'iife',
    target: 'es2022',
    legalComments: 'inline',
    write: false,
  });
  return outputFiles[0].text.trim();
}

const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function contentPolicy(parts) {
  return [
    'default-src \'none\'',
    `script-src ${hashOf(parts.script)} 'wasm-unsafe-eval'`,
    `style-src ${hashOf(parts.style)}`,
    'connect-src \'self\'',
    'base-uri \'none\'',
    'form-action \'none\'',
  ].join('; ');
}

// Compilers bound the length of one literal: the constant is made of many.
function constantOf(text) {
  const pieces = text.match(/[^]{1,8000}/g).map((piece) => `R"check(${piece})check"`);
  return '// Made by tools/verifier/build.mjs.\n#include <string_view>\n\nnamespace cpl {\n\n' +
         `static constexpr char octets[] =\n    ${pieces.join('\n    ')};\n\n` +
         'extern const std::string_view verifier_page;\n' +
         'const std::string_view verifier_page(octets, sizeof(octets) - 1);\n\n' +
         '}  // namespace cpl\n';
}

const parts = {
  script: await script(),
  style: readFileSync(style, 'utf8').trim(),
  judge: readFileSync(judge).toString('base64'),
};
for (const [name, text] of Object.entries(parts)) {
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`the ${name} would end its element`);
}
parts.content_policy = contentPolicy(parts);
const whole = readFileSync(join(here, 'page.html'), 'utf8')
  .replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
writeFileSync(page, whole);
writeFileSync(constant, constantOf(whole));
