import { defineEffect, duration, formatDuration, parseDuration, readSql, sqlProblem, type ConfigFinding } from '@holdfast/node-kit';
import { z } from 'zod';
import { keepFieldsWhen, keepingOf, keptPort } from '../calls/keep-fields.ts';
import { fieldName } from '../fields/assignment.ts';
import { connectionGone, finding } from '../fields/finding.ts';
import { shortText } from '../fields/short-text.ts';
import { retryPolicyOf, triesFields } from '../fields/tries.ts';
import { samples } from './samples.ts';

const shown = (...is: string[]) => ({ field: 'operation', is }) as const;
const kinds = ['postgresql', 'oracle'];
/** A value that is always there. */
export const stepKey = 'step_key';

const value = z.strictObject({
  name: fieldName,
  value: z.string().max(20_000).default('').meta({ title: 'Value', template: true, keepsType: true }),
  as: z
    .enum(['text', 'text-or-nothing', 'number', 'yes-no', 'date', 'json'])
    .default('text')
    .meta({
      title: 'Is',
      options: {
        text: 'Text',
        'text-or-nothing': 'Text, or nothing when empty',
        number: 'Number',
        'yes-no': 'Yes or no',
        date: 'Date, with time or without',
        json: 'JSON',
      },
    }),
});

const config = z.strictObject({
  operation: z
    .enum(['query', 'change'])
    .default('query')
    .meta({ title: 'What to do', options: { query: 'Read rows', change: 'Change rows' } }),
  credential: z
    .string('Choose the connection')
    .min(1, 'Choose the connection')
    .meta({ title: 'Connection', widget: 'credential', credentialKinds: kinds }),
  sql: z.string('Write the statement').min(1, 'Write the statement').max(20_000).meta({
    title: 'SQL',
    description: 'One statement. Write :name where a value belongs; values never become a part of the command.',
    placeholder: 'select status, total from orders where number = :number',
    editor: 'sql',
  }),
  values: z
    .array(value)
    .max(100)
    .refine((list) => new Set(list.map((item) => item.name)).size === list.length, 'Each name can be used once')
    .default([])
    .meta({
      title: 'Values',
      description: 'One for each :name. Where nothing is inserted, numbers, dates and JSON are null.',
      widget: 'assignments',
    }),
  mostRows: z.number().int().min(1).max(10_000).default(100).meta({
    title: 'Rows at most',
    description: 'What a query finds beyond is left out. A change that concerns more rows is taken back, and leaves by "Refused".',
  }),
  repeatable: z
    .boolean()
    .default(false)
    .meta({
      title: 'It may be made twice',
      description:
        'Tick it when that comes to the same: a fixed value is set, or :step_key is kept in a unique column. Else a person is asked when nobody knows whether it was done.',
      showWhen: shown('change'),
      advanced: true,
    }),
  timeout: duration.default('10s').meta({ title: 'Waits for an answer', widget: 'duration', advanced: true }),
  ...triesFields,
  ...keepFieldsWhen(shown('change')),
});
export type DatabaseConfig = z.infer<typeof config>;

const refusal = z.object({
  kind: z.enum(['exists-already', 'refers-to-nothing', 'missing', 'rule', 'value', 'too-many']),
  constraint: z.string().nullable(),
  table: z.string().nullable(),
  columns: z.array(z.string()),
  reason: z.string(),
});
const row = z.record(z.string(), z.json());

export const database = defineEffect({
  type: 'database',
  typeVersion: 1,
  title: 'Ask a database',
  summary: 'Reads or changes rows of PostgreSQL or Oracle. Reads only, unless its connection allows more.',
  icon: 'database',
  category: 'systems',
  keywords: [
    'sql',
    'postgres',
    'postgresql',
    'oracle',
    'select',
    'insert',
    'update',
    'query',
    'table',
    'erp',
    'base de datos',
    'consulta',
    'tabla',
  ],
  config,
  ports: ({ operation, keepCall }) => ({
    ...(operation === 'query'
      ? { found: { label: 'Found', mandatory: true }, none: { label: 'Nothing found', unhappy: true } }
      : { done: { label: 'Changed', mandatory: true }, none: { label: 'No such row', unhappy: true } }),
    refused: { label: 'Refused', unhappy: true },
    ...keptPort(keepCall && operation === 'change'),
    failed: { label: 'Gave up', unhappy: true },
  }),
  retry: retryPolicyOf,
  // The server stops the statement first, and says so.
  timeout: ({ timeout }) => formatDuration(parseDuration(timeout) + 15_000),
  keeps: (given) => keepingOf(given, { writes: given.operation === 'change', credential: given.credential }),
  isRepeatable: ({ operation, repeatable }) => operation === 'query' || repeatable,
  output: z.object({ rows: z.array(row), first: row.nullable(), count: z.number(), truncated: z.boolean(), refusal: refusal.nullable() }),
  describe: ({ sql }) => shortText(sql.replaceAll(/\s+/g, ' ').trim()),
  check: (given, world) => [...connectionGone({ ...given, kinds }, world), ...statementFindings(given)],
  samples,
});

function statementFindings({ sql, operation, values }: DatabaseConfig): ConfigFinding[] {
  const problem = sqlProblem(sql, operation);
  if (problem) return [finding('sql', problem.reason, problem.fix)];
  const names = new Set(readSql(sql).names);
  const given = new Set([stepKey, ...values.map(({ name }) => name)]);
  const isMissing = [...names].some((name) => !given.has(name));
  const isUnused = values.some(({ name }) => !names.has(name));
  return [
    ...(isMissing
      ? [finding('values', 'The statement wants a value that is not given.', 'Add a value for each :name of the statement.')]
      : []),
    ...(isUnused
      ? [
          {
            field: 'values',
            severity: 'warning' as const,
            reason: 'A value is given that the statement does not use.',
            fix: 'Write :name where it belongs, or take the value away.',
          },
        ]
      : []),
  ];
}
