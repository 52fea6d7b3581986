import type { DatabaseRefusal } from '@holdfast/node-kit';

const factOf = (thrown: object, name: string): string | null => {
  const value: unknown = Reflect.get(thrown, name);
  return typeof value === 'string' && value !== '' ? value : null;
};

/** What PostgreSQL says no to for the values' sake (SQLSTATE classes 22 and 23, and what a trigger raises); null for anything else. */
export function postgresRefusal(thrown: unknown): DatabaseRefusal | null {
  if (!(thrown instanceof Error)) return null;
  const code = factOf(thrown, 'code') ?? '';
  const constraint = factOf(thrown, 'constraint');
  const table = factOf(thrown, 'table');
  const column = factOf(thrown, 'column');
  // "Key (email, shop)=(…) already exists.": the names, not the values.
  const keys = /^Key \(([^)]*)\)=/.exec(factOf(thrown, 'detail') ?? '')?.[1]?.split(', ') ?? [];
  const columns = column === null ? keys : [column];
  const facts = { constraint, table, columns };
  const where = table === null ? '' : ` in "${table}"`;
  const by = constraint === null ? '' : ` (${constraint})`;
  const list = columns.map((name) => `"${name}"`).join(', ');
  switch (code) {
    case '23505':
      return { ...facts, kind: 'exists-already', reason: `There is a row with the same ${list || 'key'}${where} already${by}.` };
    case '23P01':
      return { ...facts, kind: 'exists-already', reason: `A row${where} is in the way of this one${by}.` };
    case '23503':
      return {
        ...facts,
        kind: 'refers-to-nothing',
        reason: /still referenced/.test(factOf(thrown, 'detail') ?? '')
          ? `Other rows still refer to this row${where}${by}.`
          : `${list || 'A column'}${where} refers to a row that is not there${by}.`,
      };
    case '23502':
      return { ...facts, kind: 'missing', reason: `${list || 'A column'}${where} must have a value.` };
    case '23514':
      return { ...facts, kind: 'rule', reason: `A rule${where} does not allow these values${by}.` };
    case 'P0001':
      return { ...facts, kind: 'rule', reason: `The database refused: ${thrown.message.slice(0, 200)}` };
    case '22P02':
    case '22001':
    case '22003':
    case '22007':
    case '22008':
    case '22P05':
    case '22021':
    case '22023':
    case '22032':
      return { ...facts, kind: 'value', reason: `A value does not fit its column: ${thrown.message.slice(0, 200)}.` };
    default:
      return null;
  }
}
