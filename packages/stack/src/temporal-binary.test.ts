import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureTemporalBinary, temporalCacheDir, type TemporalSources } from './temporal-binary.ts';

let cacheDir: string;
let asked: string[];
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'holdfast-cache-'));
  asked = [];
});
afterEach(() => rm(cacheDir, { recursive: true }));

const make = (name: string) => async (target: string) => {
  asked.push(name);
  await writeFile(target, name);
  await chmod(target, 0o755);
};
const fail = (name: string, sentence: string) => async () => {
  asked.push(name);
  throw new Error(sentence);
};
const sources = (given: Partial<TemporalSources> = {}): TemporalSources => ({
  findOnPath: async () => null,
  download: make('download'),
  buildWithGo: make('go'),
  ...given,
});

test('a new enough Temporal on the PATH comes first', async () => {
  expect(await ensureTemporalBinary({ cacheDir, sources: sources({ findOnPath: async () => '/somewhere/temporal' }) })).toBe(
    '/somewhere/temporal',
  );
  expect(asked).toEqual([]);
});

test('the cache comes before the network', async () => {
  const first = await ensureTemporalBinary({ cacheDir, sources: sources() });
  const second = await ensureTemporalBinary({ cacheDir, sources: sources() });
  expect([first, second]).toEqual([join(cacheDir, 'temporal'), join(cacheDir, 'temporal')]);
  expect(asked).toEqual(['download']);
});

test('without the download it is built with Go, and the reason is told', async () => {
  const told: string[] = [];
  const path = await ensureTemporalBinary({
    cacheDir,
    onProgress: (text) => told.push(text),
    sources: sources({ download: fail('download', 'Download failed: no answer in time.') }),
  });
  expect(await readFile(path, 'utf8')).toBe('go');
  expect(asked).toEqual(['download', 'go']);
  expect(told).toContain('Download failed: no answer in time.');
});

test('when neither works the sentence names both reasons and what can be done, and nothing half-made stays', async () => {
  const both = sources({
    download: async (target) => {
      await writeFile(target, 'half');
      throw new Error('Download failed: the line broke.');
    },
    buildWithGo: fail('go', 'Building it needs Go.'),
  });
  const thrown = await ensureTemporalBinary({ cacheDir, sources: both }).catch((error: unknown) => error);
  expect(thrown).toMatchObject({
    message: expect.stringMatching(/line broke[\s\S]*needs Go/),
    hint: expect.stringMatching(/internet.*Go.*PATH.*TEMPORAL_ADDRESS/),
  });
  await expect(stat(join(cacheDir, 'temporal'))).rejects.toThrow('ENOENT');
});

test('of two starts at once one provides and the other waits', async () => {
  const paths = await Promise.all([1, 2].map(() => ensureTemporalBinary({ cacheDir, sources: sources() })));
  expect(new Set(paths).size).toBe(1);
  expect(asked).toEqual(['download']);
});

test('a lock whose process is gone does not hold up the start', async () => {
  await writeFile(join(cacheDir, 'lock'), '999999999 12345');
  await ensureTemporalBinary({ cacheDir, sources: sources() });
  expect(asked).toEqual(['download']);
});

test('the cache is the user’s, wherever XDG_CACHE_HOME puts it', () => {
  expect(temporalCacheDir({ HOME: '/home/ana' })).toBe('/home/ana/.cache/holdfast/temporal-1.5.1');
  expect(temporalCacheDir({ HOME: '/home/ana', XDG_CACHE_HOME: '/fast' })).toBe('/fast/holdfast/temporal-1.5.1');
});
