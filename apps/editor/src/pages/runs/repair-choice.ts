import type { RepairAct, RunDetail } from '@holdfast/contracts';
import type { JsonValue } from '@holdfast/node-kit';

/** What the person has chosen so far. */
export interface RepairChoice {
  kind: 'retry' | 'edit' | 'skip' | 'end';
  field: string;
  /** As it is typed. */
  to: string;
  /** Only runs whose value is the example's. */
  onlySame: boolean;
  port: string;
  /** JSON of what the step should have answered. */
  output: string;
  ambiguous: boolean;
}

export const firstChoice: RepairChoice = {
  kind: 'retry',
  field: '',
  to: '',
  onlySame: true,
  port: '',
  output: 'null',
  ambiguous: false,
};

/** One value that steps of the example read, by its name in templates. */
export interface ReadValue {
  field: string;
  value: string | number | boolean | null;
}

const maxValues = 300;

/** Every single value of a run's start and of its finished steps; those that `names` mention first. */
export function valuesOf(run: Pick<RunDetail, 'trigger' | 'steps' | 'file'>, mentioned: string): ReadValue[] {
  const starts = new Set(run.steps.slice(0, 1).map((step) => step.node));
  const found: ReadValue[] = [];
  flatten('trigger', run.trigger, found);
  for (const step of run.steps) if (!starts.has(step.node) && step.endedAt !== null) flatten(`nodes.${step.node}`, step.output, found);
  const isMentioned = ({ field }: ReadValue): boolean => mentioned.includes(field);
  return [...found.filter(isMentioned), ...found.filter((each) => !isMentioned(each))];
}

function flatten(path: string, value: JsonValue, found: ReadValue[]): void {
  if (found.length >= maxValues) return;
  if (typeof value !== 'object' || value === null) {
    if (path.includes('.')) found.push({ field: path, value });
    return;
  }
  const entries = Array.isArray(value) ? value.map((item, place) => [String(place), item] as const) : Object.entries(value);
  // A name with a dot in it would be read as two.
  for (const [key, item] of entries)
    if (/^[^.[\]]+$/.test(key)) flatten(Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, item, found);
}

/** What is typed, as the kind of value that it replaces; null: it is none of that kind. */
export function readTyped(text: string, before: ReadValue['value']): { value: JsonValue } | null {
  if (typeof before === 'number') return text.trim() !== '' && Number.isFinite(Number(text)) ? { value: Number(text) } : null;
  if (typeof before === 'boolean') return text === 'true' || text === 'false' ? { value: text === 'true' } : null;
  return { value: text };
}

/** The names of variables in a step's settings. */
export const variablesIn = (config: unknown): string[] => [
  ...new Set([...JSON.stringify(config ?? {}).matchAll(/variables\.([a-z][a-z0-9_]{0,63})/g)].map((found) => found[1] ?? '')),
];

/** What is asked for, or null while something is missing or unreadable. */
export function actOf(choice: RepairChoice, values: readonly ReadValue[]): RepairAct | null {
  const again = choice.ambiguous ? { ambiguous: true } : {};
  switch (choice.kind) {
    case 'retry':
      return { kind: 'retry', ...again };
    case 'edit': {
      const chosen = values.find(({ field }) => field === choice.field);
      const typed = chosen ? readTyped(choice.to, chosen.value) : null;
      if (!chosen || !typed) return null;
      return {
        kind: 'retry',
        ...again,
        edit: { field: chosen.field, ...(choice.onlySame ? { from: chosen.value } : {}), to: typed.value },
      };
    }
    case 'skip': {
      const output = readJson(choice.output);
      return choice.port === '' || output === undefined ? null : { kind: 'skip', port: choice.port, output };
    }
    case 'end':
      return { kind: 'end' };
  }
}

function readJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue; // what JSON.parse makes is JSON
  } catch {
    return undefined;
  }
}
