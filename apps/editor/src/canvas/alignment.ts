export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
/** A line to draw: at x (or y) `at`, from one end to the other. */
export interface Guide {
  axis: 'x' | 'y';
  at: number;
  from: number;
  to: number;
}

const edgesOf = (box: Box, axis: 'x' | 'y'): number[] =>
  axis === 'x' ? [box.x, box.x + box.width / 2, box.x + box.width] : [box.y, box.y + box.height / 2, box.y + box.height];

/** Where a box's edges or middle lie exactly on another's; the grid makes exact the usual case. At most one line per axis. */
export function alignmentGuides(box: Box, others: readonly Box[]): Guide[] {
  const guides: Guide[] = [];
  for (const axis of ['x', 'y'] as const) {
    const match = edgesOf(box, axis).flatMap((at) => {
      const same = others.filter((other) => edgesOf(other, axis).includes(at));
      return same.length > 0 ? [{ at, same }] : [];
    })[0];
    if (!match) continue;
    const all = [box, ...match.same];
    const low = Math.min(...all.map((item) => (axis === 'x' ? item.y : item.x)));
    const high = Math.max(...all.map((item) => (axis === 'x' ? item.y + item.height : item.x + item.width)));
    guides.push({ axis, at: match.at, from: low - 12, to: high + 12 });
  }
  return guides;
}
