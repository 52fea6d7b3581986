import { parseSegments, type Segment } from './chip-model.ts';

/** What a chip says, and whether what it names exists. */
export interface ChipLabel {
  text: string;
  isKnown: boolean;
}
export type LabelOf = (path: string, filters: string) => ChipLabel;

const isChip = (node: Node): node is HTMLElement => node instanceof HTMLElement && node.dataset['liquid'] !== undefined;

function buildChip(segment: Exclude<Segment, { kind: 'text' }>, labelOf: LabelOf): HTMLElement {
  const chip = document.createElement('span');
  chip.contentEditable = 'false';
  chip.dataset['liquid'] = segment.liquid;
  chip.title = segment.liquid;
  if (segment.kind === 'value') {
    const label = labelOf(segment.path, segment.filters);
    chip.dataset['chip'] = label.isKnown ? 'value' : 'unknown';
    chip.textContent = label.text;
  } else {
    chip.dataset['chip'] = 'code';
    chip.textContent = segment.liquid;
  }
  return chip;
}

/** Draws a text with its chips. A line break at the very end needs a second one, or the caret can't stand behind it. */
export function drawText(root: HTMLElement, text: string, labelOf: LabelOf): void {
  const nodes: Node[] = parseSegments(text).map((segment) =>
    segment.kind === 'text' ? document.createTextNode(segment.text) : buildChip(segment, labelOf),
  );
  const last = nodes.at(-1);
  if (last && isChip(last)) nodes.push(document.createTextNode(''));
  if (text.endsWith('\n')) nodes.push(document.createElement('br'));
  root.replaceChildren(...nodes);
}

/** The text that is drawn, chips as their Liquid. */
export function readText(root: Node): string {
  let text = '';
  for (const child of root.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) text += child.textContent ?? '';
    else if (isChip(child)) text += child.dataset['liquid'] ?? '';
    else if (child instanceof HTMLBRElement) text += child === root.lastChild ? '' : '\n';
    else text += readText(child);
  }
  return text;
}

const lengthOf = (node: Node): number =>
  isChip(node) ? (node.dataset['liquid'] ?? '').length : node instanceof HTMLBRElement ? 0 : (node.textContent ?? '').length;

/** Where the selection stands in the text, as [start, end]; null when it is elsewhere. */
export function readSelection(root: HTMLElement): [number, number] | null {
  const selection = globalThis.getSelection();
  if (!selection || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!root.contains(range.startContainer) || !root.contains(range.endContainer)) return null;
  return [offsetOf(root, range.startContainer, range.startOffset), offsetOf(root, range.endContainer, range.endOffset)];
}

function offsetOf(root: HTMLElement, container: Node, offset: number): number {
  let sum = 0;
  if (container === root) {
    for (const child of [...root.childNodes].slice(0, offset)) sum += lengthOf(child);
    return sum;
  }
  for (const child of root.childNodes) {
    if (child === container) return sum + (child.nodeType === Node.TEXT_NODE ? offset : 0);
    if (child.contains(container)) return sum + lengthOf(child);
    sum += lengthOf(child);
  }
  return sum;
}

/** Puts the caret at a place in the text; inside a chip it goes behind it. */
export function placeCaret(root: HTMLElement, offset: number): void {
  let left = offset;
  for (const child of root.childNodes) {
    const length = lengthOf(child);
    if (child.nodeType === Node.TEXT_NODE && left <= length) {
      collapseAt(child, left);
      return;
    }
    if (isChip(child) && left > 0 && left < length) {
      collapseAfter(child);
      return;
    }
    left -= length;
  }
  globalThis.getSelection()?.selectAllChildren(root);
  globalThis.getSelection()?.collapseToEnd();
}

const collapseAt = (node: Node, offset: number): void => globalThis.getSelection()?.collapse(node, offset);
function collapseAfter(node: Node): void {
  const range = document.createRange();
  range.setStartAfter(node);
  const selection = globalThis.getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}
