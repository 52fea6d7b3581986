import { expect, test } from 'vitest';
import { writeCookie, writeHeader, writePairs, writePathPiece } from './write-parameter.ts';

// The values of OpenAPI's own table of styles (specification 3.1, "Style Examples").
const text = 'blue';
const list = ['blue', 'black', 'brown'];
const object = { R: 100, G: 200, B: 150 };
const query = (...given: Parameters<typeof writePairs>) =>
  decodeURIComponent(new URLSearchParams(writePairs(...given)).toString()).replaceAll('+', ' ');

test.each([
  ['matrix', false, ';color=blue', ';color=blue,black,brown', ';color=R,100,G,200,B,150'],
  ['matrix', true, ';color=blue', ';color=blue;color=black;color=brown', ';R=100;G=200;B=150'],
  ['label', false, '.blue', '.blue,black,brown', '.R,100,G,200,B,150'],
  ['label', true, '.blue', '.blue.black.brown', '.R=100.G=200.B=150'],
  ['simple', false, 'blue', 'blue,black,brown', 'R,100,G,200,B,150'],
  ['simple', true, 'blue', 'blue,black,brown', 'R=100,G=200,B=150'],
] as const)('in a path: %s, explode %s', (style, explode, ...written) =>
  expect([text, list, object].map((value) => writePathPiece('color', value, { style, explode }))).toEqual(written),
);

test.each([
  ['form', false, 'color=blue', 'color=blue,black,brown', 'color=R,100,G,200,B,150'],
  ['form', true, 'color=blue', 'color=blue&color=black&color=brown', 'R=100&G=200&B=150'],
  ['spaceDelimited', false, 'color=blue', 'color=blue black brown', 'color=R 100 G 200 B 150'],
  ['pipeDelimited', false, 'color=blue', 'color=blue|black|brown', 'color=R|100|G|200|B|150'],
  ['deepObject', true, 'color=blue', 'color[0]=blue&color[1]=black&color[2]=brown', 'color[R]=100&color[G]=200&color[B]=150'],
] as const)('in a query: %s, explode %s', (style, explode, ...written) =>
  expect([text, list, object].map((value) => query('color', value, { style, explode }))).toEqual(written),
);

test('in a header and a cookie', () => {
  expect([text, list, object].map((value) => writeHeader(value))).toEqual(['blue', 'blue,black,brown', 'R,100,G,200,B,150']);
  expect(writeHeader(object, true)).toBe('R=100,G=200,B=150');
  expect(writeCookie('a', 'x; b=1')).toBe('a=x%3B%20b%3D1');
});

test.each(['a/b', '../x', 'a?b#c', 'a%2Fb', 'a,b', ';x=1', '\ud800', "it's (1)*!"])('a value stays one piece of a path: %j', (value) => {
  const written = writePathPiece('id', value, {});
  expect(new URL(`https://a.test/x/${written}/y`).pathname.split('/')).toEqual(['', 'x', written, 'y']);
  expect(decodeURIComponent(written)).toBe(value.toWellFormed());
});

test('objects in objects are written level by level', () => {
  expect(writePairs('f', { a: { b: [1, { c: null }] } }, { style: 'deepObject' })).toEqual([
    ['f[a][b][0]', '1'],
    ['f[a][b][1][c]', ''],
  ]);
});
