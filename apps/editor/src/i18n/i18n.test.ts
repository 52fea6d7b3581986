import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const folder = (language: string) => new URL(`./${language}/`, import.meta.url);
const areas = (language: string) =>
  readdirSync(folder(language))
    .filter((name) => name.endsWith('.json'))
    .sort();
const texts: z.ZodType<Texts> = z.lazy(() => z.record(z.string(), z.union([z.string(), texts])));
type Texts = { [key: string]: string | Texts };

const flat = (value: Texts, path = ''): [string, string][] =>
  Object.entries(value).flatMap(([key, inner]) =>
    (typeof inner === 'string' ? [[`${path}${key}`, inner] as const] : flat(inner, `${path}${key}.`)).map(([k, v]): [string, string] => [
      k,
      v,
    ]),
  );
const read = (language: string, area: string) =>
  new Map(flat(texts.parse(JSON.parse(readFileSync(new URL(area, folder(language)), 'utf8')))));
const holes = (text: string) => [...text.matchAll(/\{\{\s*-?\s*([a-zA-Z]+)/g)].map(([, name]) => name).sort();
const tags = (text: string) => [...text.matchAll(/<\/?[a-zA-Z0-9]+\/?>/g)].map(([tag]) => tag).sort();

test('English and Spanish have the same areas', () => {
  expect(areas('es')).toEqual(areas('en'));
});

describe.each(areas('en'))('%s', (area) => {
  const [en, es] = [read('en', area), read('es', area)];
  test('has the same keys in both languages', () => {
    expect([...es.keys()].sort()).toEqual([...en.keys()].sort());
  });
  test('fills in the same values and tags in both languages', () => {
    for (const [key, text] of en) {
      expect.soft(holes(es.get(key) ?? ''), key).toEqual(holes(text));
      expect.soft(tags(es.get(key) ?? ''), key).toEqual(tags(text));
    }
  });
  test('leaves no text empty and shouts nowhere', () => {
    for (const [key, text] of [...en, ...es]) {
      expect.soft(text.trim(), key).not.toBe('');
      expect.soft(text, key).not.toMatch(/[!¡]/);
    }
  });
});
