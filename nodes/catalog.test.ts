import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { portsOf } from '@holdfast/node-kit';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { catalog } from './catalog.ts';
import { readmeOf } from './readme-of.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/node.ts`, import.meta.url)),
);

test('every folder with a node stands in the catalog under its own name', () => {
  expect(new Set(Object.keys(catalog))).toEqual(new Set(folders.map((folder) => folder.name)));
});

describe.each(Object.values(catalog).map((definition) => [definition.type, definition] as const))('%s', (type, definition) => {
  test('has the README that its definition makes (node nodes/write-readmes.ts writes it)', () => {
    expect(read(`${type}/README.md`)).toBe(readmeOf(definition));
  });

  test('gives every setting a title', () => {
    const untitled = Object.entries(definition.config.shape).filter(([, schema]) => z.globalRegistry.get(schema)?.title === undefined);
    expect(untitled.map(([key]) => key)).toEqual([]);
  });

  test('refuses settings that it does not know', () => {
    expect(definition.config.safeParse({ ...definition.samples[0]?.config, madeUp: 1 }).success).toBe(false);
  });

  test('draws its exits and its summary from any draft, however broken', () => {
    for (const config of [{}, { rules: 7 }, { cases: [{}] }, { choices: 'x', expects: 'choice', branch: true }])
      expect(() => portsOf(definition, config)).not.toThrow();
  });

  test('describes its samples in text, never by its type', () => {
    for (const sample of definition.samples)
      expect(definition.describe?.(z.record(z.string(), z.any()).parse(definition.config.parse(sample.config))) ?? '').not.toContain(type);
  });
});
