import { sentencesInSpanish } from './sentences-es.ts';

/** A word of a node's own in the reader's language. */
export type Say = (text: string) => string;

/** A sentence about a flow in the reader's language; one that nobody translated stays as it is. */
export function saySentence(text: string, language: string, say: Say): string {
  if (!language.startsWith('es')) return text;
  const own = say(text);
  if (own !== text) return own;
  for (const [english, spanish] of sentencesInSpanish) {
    const found = english.exec(text);
    if (!found) continue;
    return spanish
      .replaceAll(/%(\d)/g, (_whole, index: string) => sayPart(found[Number(index)] ?? '', say))
      .replaceAll(/\$(\d)/g, (_whole, index: string) => quotedInSpanish(found[Number(index)] ?? ''));
  }
  return text;
}

/** Nodes write their messages with or without the stop at the end; changed settings come as a list. */
function sayPart(text: string, say: Say): string {
  const own = say(text);
  if (own !== text) return own;
  const stopped = say(`${text}.`);
  if (stopped !== `${text}.`) return stopped.replace(/\.$/, '');
  return text.split(', ').map(say).join(', ');
}

const quotedInSpanish = (text: string): string => text.replaceAll(/"([^"]*)"/g, '«$1»');
