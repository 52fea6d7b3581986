import { appSignature, farewell, forwarded, headerFrom, headerOthers, original, wroteVerbs } from './reply-marks.ts';

/** What is read of one mail; more is a document, not an answer. */
export const maxReplyLength = 100_000;
const longestAttribution = 4;
/** A line longer than that is prose, never a mark: no pattern looks at it. */
const longestMark = 300;

/**
 * What this person wrote now: without the mail it answers, without the signature. Every rule looks at one line or a few of them, so the time
 * grows with the length only. What was inserted between quoted lines stays. When nothing would be left, nothing is taken away.
 */
export function stripReply(text: string): string {
  const whole = text.slice(0, maxReplyLength).replaceAll(/\r\n?/g, '\n').replaceAll('\u00a0', ' ').trim();
  const said = withoutSignature(withoutQuotes(whole.split('\n')));
  const left = said
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  return left === '' ? whole : left;
}

function withoutQuotes(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (isMark(line, forwarded)) return [...kept, ...lines.slice(at)];
    if (isQuoted(line)) {
      at += 1;
      continue;
    }
    if (isMark(line, original) || opensHeaderBlock(lines, at)) return kept;
    const attribution = attributionLength(lines, at);
    if (attribution === 0) {
      kept.push(line);
      at += 1;
      continue;
    }
    at += attribution;
    // Quoted without marks: all that follows is theirs.
    if (!isQuoted(nextWords(lines, at))) return kept;
  }
  return kept;
}

const isMark = (line: string | undefined, mark: RegExp): boolean => line !== undefined && line.length <= longestMark && mark.test(line);
const isQuoted = (line: string): boolean => /^\s{0,3}[>|]/.test(line);
const nextWords = (lines: readonly string[], from: number): string => lines.slice(from, from + 4).find((line) => line.trim() !== '') ?? '>';

/** "On …, Ana <ana@…> wrote:", which mail programs break over several lines. 0 when there is none here. */
function attributionLength(lines: readonly string[], at: number): number {
  let joined = '';
  for (let count = 1; count <= longestAttribution; count += 1) {
    const line = lines[at + count - 1]?.trim();
    if (line === undefined || line === '' || isQuoted(line)) return 0;
    joined = `${joined} ${line}`.trim();
    if (joined.length > longestMark) return 0;
    if (/[:：]\s*[-–—]*$/.test(line) || /\bwrote\s*-{2,}$/i.test(line)) return isAttribution(joined) ? count : 0;
  }
  return 0;
}

const isAttribution = (text: string): boolean => wroteVerbs.test(text) && (/\d/.test(text) || /\S@\S/.test(text));

/** Outlook: a line of underscores or nothing, then From, Sent, To, Subject in the reader's language. */
function opensHeaderBlock(lines: readonly string[], at: number): boolean {
  const first = isMark(lines[at], /^[\s_-]{5,}$/) ? nextLine(lines, at + 1) : at;
  if (!isMark(lines[first], headerFrom)) return false;
  const block = lines.slice(first + 1, first + 9);
  return headerOthers.filter((label) => block.some((line) => isMark(line, label))).length >= 2;
}

function nextLine(lines: readonly string[], from: number): number {
  const ahead = lines.slice(from, from + 3).findIndex((line) => line.trim() !== '');
  return ahead < 0 ? from : from + ahead;
}

function withoutSignature(lines: readonly string[]): string[] {
  const marked = lines.findIndex((line, index) => /^--\s?$/.test(line) && lines.slice(0, index).some((before) => before.trim() !== ''));
  const above = marked < 0 ? [...lines] : lines.slice(0, marked);
  const tail = trimTail(above);
  const app = tail.findLastIndex((line) => isMark(line, appSignature));
  const withoutApp = app >= 0 && wordsAfter(tail, app) <= 2 ? trimTail(tail.slice(0, app)) : tail;
  const end = withoutApp.findLastIndex((line) => isMark(line.trim(), farewell));
  return end > 0 && isCard(withoutApp.slice(end + 1)) ? withoutApp.slice(0, end) : withoutApp;
}

const wordsAfter = (lines: readonly string[], at: number): number => lines.slice(at + 1).filter((line) => line.trim() !== '').length;

function trimTail(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, last + 1);
}

/** A name, a company, a number: short lines that ask nothing and add nothing. */
function isCard(lines: readonly string[]): boolean {
  const words = lines.filter((line) => line.trim() !== '');
  return words.length <= 8 && words.every((line) => line.length <= 80 && !/[?¿]/.test(line) && !/^\s*p\.?\s?[sd]\b/i.test(line));
}
