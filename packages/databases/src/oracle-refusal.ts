import type { DatabaseRefusal } from '@holdfast/node-kit';

/** What Oracle says no to for the values' sake; null for anything else. It names things in its words only. */
export function oracleRefusal(thrown: unknown): DatabaseRefusal | null {
  const message = (thrown instanceof Error ? thrown.message : String(thrown)).replaceAll(/\s+/g, ' ');
  const code = /\bORA-(\d{5})\b/.exec(message)?.[1] ?? '';
  const named = /\(([^()]+)\)/.exec(message)?.[1]?.replaceAll('"', '') ?? null;
  const [, table = null, column = null] = /"([^"]+)"\."([^"]+)"\."([^"]+)"/.exec(message)?.slice(1) ?? [];
  const facts = { constraint: code === '01400' || code === '01407' ? null : named, table, columns: column === null ? [] : [column] };
  const by = facts.constraint === null ? '' : ` (${facts.constraint})`;
  const whose = column === null ? 'A column' : `"${column}" in "${table}"`;
  switch (code) {
    case '00001':
      return { ...facts, kind: 'exists-already', reason: `There is a row with the same key already${by}.` };
    case '02291':
      return { ...facts, kind: 'refers-to-nothing', reason: `A value refers to a row that is not there${by}.` };
    case '02292':
      return { ...facts, kind: 'refers-to-nothing', reason: `Other rows still refer to this row${by}.` };
    case '01400':
    case '01407':
      return { ...facts, kind: 'missing', reason: `${whose} must have a value.` };
    case '02290':
      return { ...facts, kind: 'rule', reason: `A rule does not allow these values${by}.` };
    case '12899':
      return { ...facts, constraint: null, kind: 'value', reason: `${whose} has no room for so long a text.` };
    case '01722':
    case '01438':
    case '01426':
    case '01830':
    case '01839':
    case '01840':
    case '01841':
    case '01843':
    case '01847':
    case '01858':
    case '01861':
      return { ...facts, constraint: null, kind: 'value', reason: `A value does not fit its column (ORA-${code}).` };
    default:
      // What a trigger raises by itself.
      return /^20\d{3}$/.test(code)
        ? {
            ...facts,
            constraint: null,
            kind: 'rule',
            reason: `The database refused: ${
              message
                .replace(/^.*?ORA-\d{5}: /, '')
                .split(' ORA-')[0]
                ?.slice(0, 200) ?? ''
            }`,
          }
        : null;
  }
}
