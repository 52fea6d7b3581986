import { globSync, readFileSync } from 'node:fs';
import { say } from '@holdfast/errors';
import { expect, test } from 'vitest';
import { said, sayFinding, sentences } from './es/said.ts';
import { createTranslator } from './translator.ts';
import { sentencesIn } from './sentences-in.ts';

const root = new URL('../../../../', import.meta.url);
/** What nobody reads in the editor: commands and their settings, the words of definitions (nodes/spanish.test.ts), what checks say (sentences-es.ts). */
const elsewhere =
  /\.test\.ts$|\/(test|node_modules|cli|samples)\/|test-kit|packages\/(db|stack|contracts|errors|secrets\/src\/secret-key)\/|nodes\/[^/]+\/(node|check|samples|ports)\.ts|nodes\/readme-of|graph\/src\/(checks|diff|parse-flow|sanitize)|nodes\/document\/presets|settings\.ts|metrics|\/openapi\.ts|prompt\.ts/;
const sources = ['packages/*/src/**/*.ts', 'nodes/*/*.ts', 'apps/server/src/**/*.ts', 'apps/worker/src/**/*.ts']
  .flatMap((pattern) => globSync(pattern, { cwd: root, exclude: (path) => path.includes('node_modules') }))
  .filter((path) => !elsewhere.test(path));
const written = sources.map((path) => ({ path, ...sentencesIn(path, readFileSync(new URL(path, root), 'utf8')) }));
/** A name is the same in every language. */
const isName = (text: string): boolean => /^[A-Z][A-Za-z]+$/.test(text) && !text.includes(' ');
const holes = (text: string): string[] => (text.match(/\{\d+\}/g) ?? []).sort();

test('every sentence that the server makes for people is there in Spanish', () => {
  const missing = written.flatMap(({ path, made, plain }) =>
    [...made, ...plain].filter((key) => !sentences.has(key) && !isName(key)).map((key) => `${path}: ${key}`),
  );
  expect(missing).toEqual([]);
});

test('a sentence of an error that has values knows how it was made', () => {
  expect(written.flatMap(({ path, unmade }) => unmade.map((text) => `${path}: ${text}`))).toEqual([]);
});

test('a translation has the values of its sentence, and none is kept for a sentence that is gone', () => {
  const used = new Set(written.flatMap(({ made, plain, literals }) => [...made, ...plain, ...literals]));
  expect([...said.keys()].filter((key) => !used.has(key))).toEqual([]);
  for (const [english, spanish] of said) {
    expect.soft(holes(spanish), english).toEqual(holes(english));
    expect.soft(spanish, english).not.toMatch(/[!¡]/);
    expect.soft(/^\s|\s$/.test(spanish), english).toBe(/^\s|\s$/.test(english));
  }
});

const translate = createTranslator(sentences, sayFinding);

test('a sentence is said by how it was made, its half sentences too, and what another system said stays as it is', () => {
  const words = say`${'erp.internal'} could not be reached: ${'the connection was cut'}. Nothing was sent.`;
  expect(translate(words.text, words.saying)).toBe('No se pudo llegar a erp.internal: la conexión se cortó. No se envió nada.');
  const refusal = say`Shopify refused: ${'<b>Title can’t be blank</b>'}`;
  expect(translate(refusal.text, refusal.saying)).toBe('Shopify se negó: <b>Title can’t be blank</b>');
  const quoted = say`Shopify refused: ${'The credential holds no signing key at shop.example.'}`;
  expect(translate(quoted.text, quoted.saying)).toBe('Shopify se negó: The credential holds no signing key at shop.example.');
  const inner = say`“${'Book it'}”: ${words}`;
  expect(translate(inner.text, inner.saying)).toBe(`«Book it»: ${translate(words.text, words.saying)}`);
});

test('what was stored as text alone is known by its shape, several sentences in a row too', () => {
  expect(translate('“Book it”: erp.internal could not be reached: there is no such name. Nothing was sent.')).toBe(
    '«Book it»: No se pudo llegar a erp.internal: no existe ese nombre. No se envió nada.',
  );
  expect(translate('The weather is fine. Press Test. Go home.')).toBe('The weather is fine. Pulsa Probar. Go home.');
  expect(translate('The service is on holiday.')).toBeNull();
  expect(translate('Error 500: The service is on holiday')).toBeNull();
});

test('what the checks of a flow find is said inside of what publishing answers', () => {
  const refused = say`"${'Pedidos'}" has ${'a problem'}: ${'Nothing starts this flow.'}`;
  expect(translate(refused.text, refused.saying)).toBe('«Pedidos» tiene un problema: Nada inicia este flujo.');
});

test('a sentence made with a key that this build does not know is read as text', () => {
  expect(translate('Press Test.', { key: 'Press {1}.', values: ['Test'] })).toBe('Pulsa Probar.');
  expect(translate('Press Nothing.', { key: 'Press {1}.', values: ['Nothing'] })).toBeNull();
});
