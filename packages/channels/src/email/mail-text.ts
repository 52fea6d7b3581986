import { convert, type HtmlToTextOptions } from 'html-to-text';
import { forwarded } from './reply-marks.ts';

/** Longer HTML is read as far as this. */
const maxHtmlLength = 1_000_000;

/** What mail programs wrap a quoted mail in. */
const quoteSelectors = [
  'blockquote[type=cite]',
  'blockquote.gmail_quote',
  'div.gmail_quote_container',
  'div.gmail_attr',
  'div.yahoo_quoted',
  'div.moz-cite-prefix',
  'div.protonmail_quote',
  'div.moz-signature',
  'div.gmail_signature',
];

const base: HtmlToTextOptions = {
  wordwrap: false,
  limits: { maxInputLength: maxHtmlLength, maxDepth: 100, maxChildNodes: 5_000 },
};
const links = {
  selector: 'a',
  options: { hideLinkHrefIfSameAsText: true, noAnchorUrl: true, linkBrackets: ['(', ')'] as [string, string] },
};
// A picture is an attachment or lies on a server that would learn of its reading: neither is text.
const pictures = { selector: 'img', format: 'skip' };
const plainHeadings = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } }));

/** HTML as text, whole: nothing is fetched and nothing runs. */
export const textOfHtml = (html: string): string =>
  convert(html, {
    ...base,
    selectors: [links, pictures, ...plainHeadings, { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } }],
  });

/** HTML as text without what its mail program marked as quoted; the whole when nothing else is there, or when it was forwarded to be read. */
export function ownTextOfHtml(html: string): string {
  const whole = textOfHtml(html);
  if (whole.split('\n').some((line) => line.length < 200 && forwarded.test(line))) return whole;
  const own = convert(html, {
    ...base,
    selectors: [links, pictures, ...plainHeadings, ...quoteSelectors.map((selector) => ({ selector, format: 'skip' }))],
  }).trim();
  return own === '' ? whole : own;
}
