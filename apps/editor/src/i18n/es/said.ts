import { z } from 'zod';
import { saySentence } from '../../document/say-sentence.ts';

/** What the server writes for people, English to Spanish, by where it is written. Keys are the sentences that `say` makes, with `{1}` where values stand. */
const files = import.meta.glob<unknown>('./said/*.json', { eager: true, import: 'default' });
/** Some of what it says are the words of a step's own. */
const nodes = import.meta.glob<unknown>('../../../../../nodes/*/es.json', { eager: true, import: 'default' });

const dictionary = z.record(z.string(), z.string());
const entriesOf = (found: Record<string, unknown>) => Object.values(found).flatMap((file) => Object.entries(dictionary.parse(file)));

export const said: ReadonlyMap<string, string> = new Map(entriesOf(files));
export const sentences: ReadonlyMap<string, string> = new Map([...entriesOf(nodes), ...said]);

/** What the checks of a flow find is told here and by the server: its words have their own file. */
export function sayFinding(text: string): string | null {
  const own = saySentence(text, 'es', (part) => sentences.get(part) ?? part);
  return own === text ? null : own;
}
