import { parseSegments } from './chip-model.ts';

export interface TextEdit {
  text: string;
  caret: number;
}

/** Puts something in the place of the selection. */
export const insertInto = (text: string, [start, end]: readonly [number, number], inserted: string): TextEdit => ({
  text: text.slice(0, start) + inserted + text.slice(end),
  caret: start + inserted.length,
});

/** Where the inserted values lie, as [start, end] pairs. */
export function chipRanges(text: string): [number, number][] {
  const ranges: [number, number][] = [];
  let at = 0;
  for (const segment of parseSegments(text)) {
    const length = segment.kind === 'text' ? segment.text.length : segment.liquid.length;
    if (segment.kind !== 'text') ranges.push([at, at + length]);
    at += length;
  }
  return ranges;
}

/** Removes the chip that ends (or begins, for Delete) at the caret; null when there is none and the browser may act. */
export function removeChipAt(text: string, caret: number, direction: 'before' | 'after'): TextEdit | null {
  const range = chipRanges(text).find(([start, end]) => (direction === 'before' ? end : start) === caret);
  return range ? { text: text.slice(0, range[0]) + text.slice(range[1]), caret: range[0] } : null;
}

/** Whether what was typed by hand has become a chip that is not drawn as one yet. */
export const needsRedraw = (text: string, drawnChips: number): boolean => chipRanges(text).length !== drawnChips;
