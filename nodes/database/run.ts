import { implement, parseDuration, type DatabaseAnswer, type DatabaseValue, type Outcome } from '@holdfast/node-kit';
import { database, stepKey, type DatabaseConfig } from './node.ts';

export const runDatabase = implement(database, async ({ config, context }) => {
  const answer = await context.database.query({
    credential: config.credential,
    operation: config.operation,
    sql: config.sql,
    values: [...config.values.map(valueOf), { name: stepKey, value: context.idempotencyKey, as: 'text', emptyIsNull: false }],
    mostRows: config.mostRows,
    timeoutMs: parseDuration(config.timeout),
    isRepeatable: config.repeatable,
  });
  const { rowCount, isTruncated, refusal } = answer;
  context.note({ rows: rowCount, ...(isTruncated ? { truncated: true } : {}), ...(refusal ? { refused: refusal.reason } : {}) });
  return { port: portOf(config, answer), output: outputOf(answer) };
});

/** Only a text can be there and be empty. */
const valueOf = ({ name, value, as }: DatabaseConfig['values'][number]): DatabaseValue => ({
  name,
  value,
  as: as === 'text-or-nothing' ? 'text' : as,
  emptyIsNull: as !== 'text',
});

function portOf({ operation }: DatabaseConfig, { rowCount, refusal }: DatabaseAnswer): string {
  if (refusal) return 'refused';
  if (rowCount === 0) return 'none';
  return operation === 'query' ? 'found' : 'done';
}

const outputOf = ({ rows, rowCount, isTruncated, refusal }: DatabaseAnswer): Outcome['output'] => ({
  rows,
  first: rows[0] ?? null,
  count: rowCount,
  truncated: isTruncated,
  refusal: refusal && { ...refusal },
});
