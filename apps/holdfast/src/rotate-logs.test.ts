import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rotateLogs } from './rotate-logs.ts';

test('a log that grew too large moves aside; two older ones are kept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-logs-'));
  for (const text of ['first', 'second', 'third']) {
    writeFileSync(join(folder, 'app.log'), text);
    writeFileSync(join(folder, 'small.log'), '');
    rotateLogs(folder, 3);
  }
  expect(readdirSync(folder).toSorted()).toEqual(['app.log', 'app.log.1', 'app.log.2', 'small.log']);
  expect(['app.log', 'app.log.1', 'app.log.2'].map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(['', 'third', 'second']);
  rmSync(folder, { recursive: true });
});
