import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contrast } from './contrast.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

const tokensOf = (block: string) =>
  Object.fromEntries([...block.matchAll(/--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6});/g)].map(([, name = '', value = '']) => [name, value]));
const blockAfter = (selector: string) => css.slice(css.indexOf(selector)).split('}')[0] ?? '';
const schemes = {
  light: tokensOf(blockAfter("[data-mantine-color-scheme='light']")),
  dark: tokensOf(blockAfter("[data-mantine-color-scheme='dark']")),
};

const surfaces = ['surface-0', 'surface-1', 'surface-2'];
const inks = ['text-1', 'text-2', 'text-3', 'brand', 'person', 'ok', 'warn', 'bad', 'info'];
const softs = ['brand', 'person', 'ok', 'warn', 'bad', 'info'];
const categories = ['start', 'understand', 'talk', 'act', 'systems', 'decide', 'wait', 'people'];

const textPairs = [
  ...inks.flatMap((ink) => surfaces.map((surface) => [ink, surface])),
  ...softs.map((tone) => [tone, `${tone}-soft`]),
  ...softs.map((tone) => ['text-1', `${tone}-soft`]),
  ...softs.map((tone) => ['text-2', `${tone}-soft`]),
  ...['brand', 'person', 'bad'].flatMap((tone) => [
    [`on-${tone}`, tone],
    [`on-${tone}`, `${tone}-hover`],
  ]),
  ['surface-1', 'text-1'],
];
const shapePairs = [...categories.map((name) => `category-${name}`), 'line-strong'].flatMap((ink) =>
  ['surface-0', 'surface-1'].map((surface) => [ink, surface]),
);

describe.each(Object.entries(schemes))('%s', (_, tokens) => {
  test.each(textPairs)('text %s on %s reads at 4.5 to 1', (ink = '', surface = '') => {
    expect(contrast(tokens[ink] ?? '#', tokens[surface] ?? '#')).toBeGreaterThanOrEqual(4.5);
  });
  test.each(shapePairs)('shape %s on %s stands out at 3 to 1', (ink = '', surface = '') => {
    expect(contrast(tokens[ink] ?? '#', tokens[surface] ?? '#')).toBeGreaterThanOrEqual(3);
  });
});

test('light and dark name the same tokens', () => {
  expect(Object.keys(schemes.dark)).toEqual(Object.keys(schemes.light));
});
