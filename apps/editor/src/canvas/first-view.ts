export interface Card {
  x: number;
  y: number;
  width: number;
  height: number;
  isStart: boolean;
}

/** Below this, names can't be read. */
const readableZoom = 0.62;
const margin = 48;

/** The first look at a drawing: all of it where that can be read, else its start at the left, in a size that can. */
export function firstView(
  cards: readonly Card[],
  frame: { width: number; height: number },
  smallestZoom = readableZoom,
): { x: number; y: number; zoom: number } {
  const left = Math.min(...cards.map((card) => card.x));
  const top = Math.min(...cards.map((card) => card.y));
  const width = Math.max(...cards.map((card) => card.x + card.width)) - left;
  const height = Math.max(...cards.map((card) => card.y + card.height)) - top;
  const whole = Math.min((frame.width - 2 * margin) / width, (frame.height - 2 * margin) / height, 1);
  if (whole >= smallestZoom)
    return { x: (frame.width - width * whole) / 2 - left * whole, y: (frame.height - height * whole) / 2 - top * whole, zoom: whole };
  const zoom = 0.8;
  const start = cards.find((card) => card.isStart) ?? cards.reduce((first, card) => (card.x < first.x ? card : first));
  return { x: margin - Math.min(start.x, left + 2 * start.width) * zoom, y: frame.height / 2 - (start.y + start.height / 2) * zoom, zoom };
}
