import { HoldfastError, say } from '@holdfast/errors';
import type { JsonObject, Outcome } from '@holdfast/node-kit';
import { findOrderIds, indexOfWord, isNear, normalise, plainDigits, readNumbers, wordsOf } from '@holdfast/reading';
import { compileRegex } from './regex.ts';
import type { Rule } from './rule.ts';

/** Longer than any chat message; what stands behind it is not looked at. */
const maxLength = 5_000;

interface Found {
  match: string;
  value: string | number;
  groups?: string[];
}

function findWords(rule: Rule, text: string): Found | null {
  const found = rule.words.filter((word) => indexOfWord(text, normalise(word)) >= 0);
  const fits = rule.mode === 'all' ? found.length === rule.words.length : found.length > 0;
  return fits && found[0] !== undefined ? { match: found.join(', '), value: found[0] } : null;
}

function findFuzzy(rule: Rule, text: string): Found | null {
  const written = wordsOf(text);
  const near = rule.words.map((word) => ({ word, as: nearest(written, wordsOf(normalise(word))) })).filter(({ as }) => as !== null);
  const fits = rule.mode === 'all' ? near.length === rule.words.length : near.length > 0;
  const first = near[0];
  return fits && first ? { match: near.map(({ as }) => as).join(', '), value: first.word } : null;
}

/** The run of written words that is near the wanted ones, word by word. */
function nearest(written: readonly string[], wanted: readonly string[]): string | null {
  if (wanted.length === 0) return null;
  for (let start = 0; start + wanted.length <= written.length; start += 1) {
    const window = written.slice(start, start + wanted.length);
    if (window.every((word, index) => isNear(word, wanted[index] ?? ''))) return window.join(' ');
  }
  return null;
}

function findNumber(text: string): Found | null {
  const numbers = readNumbers(text);
  const first = numbers[0];
  return first ? { match: first.text, value: first.value, groups: numbers.map((number) => String(number.value)) } : null;
}

function findOrderId(rule: Rule, text: string): Found | null {
  const ids = findOrderIds(text, rule.format);
  const first = ids[0];
  return first === undefined ? null : { match: first, value: first, groups: ids };
}

function findRegex(rule: Rule, text: string, index: number): Found | null {
  const regex = compileRegex(rule.pattern);
  if (!regex)
    throw new HoldfastError('step.config', {
      detail: say`The regular expression "${rule.pattern}" of the rule "${rule.name}" can't be read.`,
      hint: 'Open the step and correct it.',
      path: `rules.${index}.pattern`,
    });
  const matcher = regex.matcher(text);
  if (!matcher.find()) return null;
  const match = matcher.group() ?? '';
  const groups = Array.from({ length: matcher.groupCount() }, (_, group) => matcher.group(group + 1) ?? '');
  return { match, value: groups[0] ?? match, groups };
}

function find(rule: Rule, text: { given: string; plain: string }, index: number): Found | null {
  switch (rule.kind) {
    case 'words':
    case 'phrase':
      return findWords(rule, text.plain);
    case 'fuzzy':
      return findFuzzy(rule, text.plain);
    case 'number':
      return findNumber(text.given);
    case 'order-id':
      return findOrderId(rule, text.given);
    case 'regex':
      return findRegex(rule, text.given, index);
  }
}

/** The first rule that fits, in the order of the list, and what it found. */
export function findRule(rules: readonly Rule[], given: string): Outcome<JsonObject> {
  const text = plainDigits(given.slice(0, maxLength).normalize('NFKC'));
  const plain = normalise(text);
  for (const [index, rule] of rules.entries()) {
    const found = find(rule, { given: text, plain }, index);
    if (found)
      return {
        port: rule.id,
        output: { rule: rule.id, name: rule.name, match: found.match, value: found.value, groups: found.groups ?? [], text: given },
      };
  }
  return { port: 'otherwise', output: { rule: null, name: null, match: null, value: null, groups: [], text: given } };
}
