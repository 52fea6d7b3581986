import { useReactFlow } from '@xyflow/react';
import type { DragEvent } from 'react';
import { cardWidth } from '../document/node-size.ts';
import { useWorkbench } from '../document/workbench.tsx';
import { dragType } from './palette-entry.tsx';
import { useNodeWords } from './node-words.ts';
import { paletteEntries } from './palette-entries.ts';
import { useServiceEntries } from './service-entries.ts';
import { useAddEntry } from './use-add-entry.ts';

/** A step dragged from the palette lands where the pointer lets it go. */
export function useStepDrop() {
  const { catalog } = useWorkbench();
  const flow = useReactFlow();
  const words = useNodeWords();
  const add = useAddEntry();
  const services = useServiceEntries();
  return {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(dragType)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    },
    onDrop: (event: DragEvent) => {
      const key = event.dataTransfer.getData(dragType);
      const entry = [...paletteEntries(catalog, words), ...services].find((one) => one.key === key);
      if (!entry) return;
      event.preventDefault();
      const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      add(entry, { position: { x: point.x - cardWidth / 2, y: point.y - 20 } });
    },
  };
}
