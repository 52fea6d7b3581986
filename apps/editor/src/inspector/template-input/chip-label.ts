import type { TFunction } from 'i18next';
import { partsOfPath } from './chip-model.ts';
import type { LabelOf } from './chip-dom.ts';

/** Paths that have a name of their own in the interface. */
const named = [
  'trigger.text',
  'trigger.attachments',
  'trigger.button.label',
  'trigger.channel.name',
  'trigger.body',
  'trigger.query',
  'trigger.headers',
  'trigger.method',
  'trigger.firedAt',
  'trigger.scheduledFor',
  'contact.name',
  'contact.language',
  'conversation.channel',
  'run.id',
  'run.flow',
  'run.startedAt',
] as const;
export const isNamed = (path: string): path is (typeof named)[number] => named.some((known) => known === path);

const sources = ['trigger', 'contact', 'conversation', 'variables', 'run'] as const;
const isSource = (part: string | undefined): part is (typeof sources)[number] => sources.some((source) => source === part);

/** The end of a way says most, so it is the step's name that gives room. */
const shorten = (name: string): string => (name.length > 22 ? `${name.slice(0, 21).trimEnd()}…` : name);

/** Says in words what a chip inserts: "Look up the order › status". */
export function labelsFor(
  nodes: readonly { id: string; name: string }[],
  variables: readonly string[],
  t: TFunction<'inspector'>,
): LabelOf {
  return (path) => {
    if (isNamed(path)) return { text: t(`data.named.${path}`), isKnown: true };
    const [first, second, ...rest] = partsOfPath(path);
    if (first === 'nodes' && second !== undefined) {
      const node = nodes.find((candidate) => candidate.id === second);
      return { text: [shorten(node?.name ?? second), ...rest].join(' › '), isKnown: node !== undefined };
    }
    if (first === 'variables' && second !== undefined)
      return { text: [second, ...rest].join(' › '), isKnown: variables.length === 0 || variables.includes(second) };
    if (isSource(first))
      return { text: [t(`data.source.${first}`), ...(second === undefined ? [] : [second]), ...rest].join(' › '), isKnown: true };
    // A name that a tag before it may have set (`assign`, `for`).
    return { text: path, isKnown: true };
  };
}
