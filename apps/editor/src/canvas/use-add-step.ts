import type { NodeDefinition } from '@holdfast/node-kit';
import { useReactFlow, type ReactFlowInstance } from '@xyflow/react';
import { useCallback } from 'react';
import { cardWidth } from '../document/node-size.ts';
import { useWorkbench } from '../document/workbench.tsx';
import { buildNewStep, type ReadyStep } from './add-step.ts';
import { useNodeWords } from './node-words.ts';
import { rememberType } from './palette-entries.ts';

export interface AddStepRequest {
  definition: NodeDefinition;
  position: { x: number; y: number };
  from?: { node: string; port: string } | null;
  ready?: ReadyStep | null;
  /** What the palette remembers; its type when left out. */
  key?: string;
}

/** Adds a step, connects it when it came from a port, selects it and remembers its type. */
export function useAddStep(): (request: AddStepRequest) => void {
  const { document, session } = useWorkbench();
  const words = useNodeWords();
  const flow = useReactFlow();
  return useCallback(
    ({ definition, position, from = null, ready = null, key = definition.type }) => {
      const { file, apply } = document.getState();
      const { edit, id } = buildNewStep(file, { definition, title: words.title(definition), position, from, ready });
      apply(edit);
      rememberType(localStorage, key);
      session.getState().reveal(id);
      // After the settings opened beside it: they take room.
      requestAnimationFrame(() => keepInView(flow, position));
    },
    [document, session, words, flow],
  );
}

/** Moves the drawing just as far as a new card needs to be seen whole. */
function keepInView(flow: Pick<ReactFlowInstance, 'getViewport' | 'setViewport'>, { x, y }: { x: number; y: number }): void {
  const box = globalThis.document.querySelector('.react-flow')?.getBoundingClientRect();
  if (!box) return;
  const view = flow.getViewport();
  const edge = 40;
  const [left, top] = [x * view.zoom + view.x, y * view.zoom + view.y];
  const moveBy = (start: number, size: number, room: number): number =>
    start < edge ? edge - start : Math.min(0, room - edge - (start + size));
  const [dx, dy] = [moveBy(left, (cardWidth + 40) * view.zoom, box.width), moveBy(top, 170 * view.zoom, box.height)];
  if (dx !== 0 || dy !== 0) void flow.setViewport({ ...view, x: view.x + dx, y: view.y + dy }, { duration: 200 });
}
