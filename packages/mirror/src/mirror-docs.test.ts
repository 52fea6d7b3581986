import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mirrorTables } from '@holdfast/db';
import { expect, test } from 'vitest';
import { oracleTypes } from './oracle-sql.ts';
import { postgresTypes } from './postgres-target.ts';
import { tableName } from './target.ts';

const docs = readFileSync(join(import.meta.dirname, '../../../docs/mirror.md'), 'utf8');
const rowsAfter = (heading: string) => {
  const lines = docs
    .slice(docs.indexOf(`${heading}\n`))
    .split('\n')
    .slice(2);
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(2, end).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
};

test.each(mirrorTables)('docs/mirror.md tells the columns of $name as they are', (table) => {
  expect(rowsAfter(`### ${tableName(table)}`)).toEqual(table.columns.map(({ name, type, note }) => [`\`${name}\``, type, note]));
});

test('docs/mirror.md tells the types of both databases as they are', () => {
  const lines = docs.split('\n');
  for (const type of ['id', 'word', 'text', 'json', 'time', 'integer', 'flag'] as const)
    expect(lines.find((line) => line.startsWith(`| ${type} | \`${postgresTypes[type]}\` | \`${oracleTypes[type]}\``))).toBeDefined();
});
