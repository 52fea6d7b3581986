import { ViewportPortal, type XYPosition } from '@xyflow/react';
import { useMemo } from 'react';
import { cardWidth } from '../document/node-size.ts';
import { useDocument } from '../document/workbench.tsx';
import { alignmentGuides, type Guide } from './alignment.ts';
import css from './flow-canvas.module.css';

interface Props {
  dragged: ReadonlyMap<string, XYPosition>;
  measured: ReadonlyMap<string, { width: number; height: number }>;
}

/** Thin lines where the dragged step lines up with another one. */
export function Guides({ dragged, measured }: Props) {
  const file = useDocument((state) => state.file);
  const guides = useMemo((): Guide[] => {
    const [first, second] = [...dragged];
    if (!first || second) return [];
    const box = (id: string, position: XYPosition) => ({
      ...position,
      width: measured.get(id)?.width ?? cardWidth,
      height: measured.get(id)?.height ?? 100,
    });
    return alignmentGuides(
      box(...first),
      file.nodes.filter((node) => node.id !== first[0]).map((node) => box(node.id, node.position)),
    );
  }, [dragged, measured, file.nodes]);
  if (guides.length === 0) return null;
  return (
    <ViewportPortal>
      {guides.map((guide) => (
        <div
          key={`${guide.axis}${guide.at}`}
          className={css.guide}
          style={
            guide.axis === 'x'
              ? { transform: `translate(${guide.at}px, ${guide.from}px)`, width: 1, height: guide.to - guide.from }
              : { transform: `translate(${guide.from}px, ${guide.at}px)`, height: 1, width: guide.to - guide.from }
          }
        />
      ))}
    </ViewportPortal>
  );
}
