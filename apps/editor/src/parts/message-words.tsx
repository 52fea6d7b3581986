import type { Message } from '@holdfast/contracts';
import { parseRichText } from '@holdfast/messages';
import { useMemo } from 'react';
import { RichText, withLinks } from './rich-text.tsx';
import classes from './message-words.module.css';

/** What a message says, formatted as it was meant, below what it answers. */
export function MessageWords({ message }: { message: Pick<Message, 'text' | 'formatted' | 'quote'> }) {
  const { text, formatted, quote } = message;
  const blocks = useMemo(() => (formatted === null ? null : parseRichText(formatted)), [formatted]);
  return (
    <>
      {quote?.text ? <blockquote className={classes.quote}>{quote.text}</blockquote> : null}
      {blocks ? <RichText blocks={blocks} /> : text === '' ? null : <p className={classes.words}>{withLinks(text)}</p>}
    </>
  );
}
