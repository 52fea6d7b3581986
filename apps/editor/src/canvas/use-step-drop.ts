import { useReactFlow } from '@xyflow/react';
import type { DragEvent } from 'react';
import { cardWidth } from '../document/node-size.ts';
import { useWorkbench } from '../document/workbench.tsx';
import { dragType } from './palette-entry.tsx';
import { useAddStep } from './use-add-step.ts';

/** A step dragged from the palette lands where the pointer lets it go. */
export function useStepDrop() {
  const { catalog } = useWorkbench();
  const flow = useReactFlow();
  const add = useAddStep();
  return {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(dragType)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    },
    onDrop: (event: DragEvent) => {
      const definition = catalog[event.dataTransfer.getData(dragType)];
      if (!definition) return;
      event.preventDefault();
      const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      add({ definition, position: { x: point.x - cardWidth / 2, y: point.y - 20 } });
    },
  };
}
