import type { ReactFlowInstance } from '@xyflow/react';
import { useCallback, type RefObject } from 'react';
import type { CanvasNode, StepFlowEdge } from '../document/derived-nodes.ts';
import { cardWidth } from '../document/node-size.ts';
import { useWorkbench } from '../document/workbench.tsx';
import { firstView } from './first-view.ts';

/** Shows the whole flow when it can be read so; a large one from its start; of a run only the way it took. */
export function useFirstView(frame: RefObject<HTMLElement | null>): (instance: ReactFlowInstance<CanvasNode, StepFlowEdge>) => void {
  const { document, catalog, marks } = useWorkbench();
  return useCallback(
    (instance) => {
      const box = frame.current?.getBoundingClientRect();
      const { file } = document.getState();
      if (!box || file.nodes.length + file.notes.length === 0) return;
      const { steps, fadesRest } = marks.getState();
      const isOfInterest = (id: string): boolean => !fadesRest || steps.size === 0 || steps.has(id);
      const cards = [
        ...file.nodes
          .filter((node) => isOfInterest(node.id))
          .map((node) => ({ ...node.position, width: cardWidth, height: 130, isStart: catalog[node.type]?.kind === 'trigger' })),
        ...file.notes
          .filter((note) => isOfInterest(note.id))
          .map((note) => ({ ...note.position, width: note.size?.width ?? 192, height: note.size?.height ?? 112, isStart: false })),
      ];
      void instance.setViewport(firstView(cards, box, fadesRest ? 0.33 : undefined));
    },
    [document, catalog, marks, frame],
  );
}
