import type { NodeDefinition } from '@holdfast/node-kit';
import { useCallback } from 'react';
import { useWorkbench } from '../document/workbench.tsx';
import { buildNewStep } from './add-step.ts';
import { useNodeWords } from './node-words.ts';
import { rememberType } from './palette-entries.ts';

export interface AddStepRequest {
  definition: NodeDefinition;
  position: { x: number; y: number };
  from?: { node: string; port: string } | null;
}

/** Adds a step, connects it when it came from a port, selects it and remembers its type. */
export function useAddStep(): (request: AddStepRequest) => void {
  const { document, session } = useWorkbench();
  const words = useNodeWords();
  return useCallback(
    ({ definition, position, from = null }) => {
      const { file, apply } = document.getState();
      const { edit, id } = buildNewStep(file, { definition, title: words.title(definition), position, from });
      apply(edit);
      rememberType(localStorage, definition.type);
      session.getState().reveal(id);
    },
    [document, session, words],
  );
}
