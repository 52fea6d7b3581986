import type { FlowFile } from '@holdfast/graph';
import { cardWidth } from './node-size.ts';

export interface RouteBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

const gap = 36;

/**
 * Where each forward connection turns: the x of its upright part, chosen so that it crosses as few cards as possible. Null
 * leaves the turn in the middle. About 3 · edges · nodes comparisons, done when the drawing changes, not while it is dragged.
 */
export function edgeRoutes(
  file: FlowFile,
  boxOf: (node: string) => RouteBox | null,
  rowOf: (node: string, port: string) => number,
): ReadonlyMap<string, number> {
  const boxes = file.nodes.flatMap((node) => {
    const box = boxOf(node.id);
    return box ? [{ id: node.id, box }] : [];
  });
  const routes = new Map<string, number>();
  for (const edge of file.edges) {
    const from = boxOf(edge.from.node);
    const to = boxOf(edge.to.node);
    if (!from || !to || to.x - (from.x + from.width) < 2 * gap + cardWidth / 2) continue;
    const row = rowOf(edge.from.node, edge.from.port);
    const [startX, startY, endX, endY] = [from.x + from.width, from.y + from.height - row, to.x, to.y + 19];
    const others = boxes
      .filter(({ id, box }) => id !== edge.from.node && id !== edge.to.node && box.x < endX && box.x + box.width > startX)
      .map(({ box }) => box);
    const candidates = [(startX + endX) / 2, endX - gap, startX + gap];
    const costs = candidates.map((x) => crossings(others, { startX, startY, endX, endY, x }));
    const best = costs.indexOf(Math.min(...costs));
    if (best > 0) routes.set(edge.id, candidates[best] ?? (startX + endX) / 2);
  }
  return routes;
}

interface Way {
  startX: number;
  startY: number;
  endX: number;
  endY: number;
  x: number;
}

/** How many cards a way with one upright part goes through. */
function crossings(boxes: readonly RouteBox[], { startX, startY, endX, endY, x }: Way): number {
  const [top, bottom] = [Math.min(startY, endY), Math.max(startY, endY)];
  const isIn = (value: number, from: number, size: number): boolean => value > from - 6 && value < from + size + 6;
  return boxes.filter(
    (box) =>
      (isIn(startY, box.y, box.height) && box.x < x && box.x + box.width > startX) ||
      (isIn(endY, box.y, box.height) && box.x < endX && box.x + box.width > x) ||
      (isIn(x, box.x, box.width) && box.y < bottom && box.y + box.height > top),
  ).length;
}
