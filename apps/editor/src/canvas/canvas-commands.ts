import { useReactFlow } from '@xyflow/react';
import { useMemo } from 'react';
import { copyFragment, pasteFragment, type FlowFragment } from '../document/clipboard.ts';
import { layoutFlow, type Sizes } from '../document/layout.ts';
import { freeId, noteIds } from '../document/node-id.ts';
import { cardHeight, cardWidth } from '../document/node-size.ts';
import { removalOf } from '../document/removal.ts';
import { useWorkbench, type Workbench } from '../document/workbench.tsx';
import { describeStep, drawnPorts } from './drawable-config.ts';

export interface CanvasCommands {
  removeSelected: () => void;
  duplicateSelected: () => void;
  selectAll: () => void;
  paste: (fragment: FlowFragment, at: { x: number; y: number }) => void;
  addNote: () => void;
  tidy: (measured: Sizes) => Promise<void>;
  fit: () => void;
  /** Lines the selected steps up by their left or their upper edges. */
  align: (axis: 'x' | 'y') => void;
}

/** What the keyboard, the bars and the menus all do. */
export function useCanvasCommands(): CanvasCommands {
  const workbench = useWorkbench();
  const flow = useReactFlow();
  return useMemo(() => {
    const { document, session } = workbench;
    const middle = () => {
      const box = globalThis.document.querySelector('.react-flow')?.getBoundingClientRect();
      return box ? flow.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 }) : { x: 0, y: 0 };
    };
    const paste: CanvasCommands['paste'] = (fragment, at) => {
      const { file, apply } = document.getState();
      const { edit, ids } = pasteFragment(file, fragment, { x: Math.round(at.x / 16) * 16, y: Math.round(at.y / 16) * 16 });
      apply(edit);
      session.getState().select(ids);
    };
    const fit = () => void flow.fitView({ padding: 0.18, maxZoom: 1, duration: 200 });
    return {
      ...editingCommands(workbench),
      paste,
      fit,
      duplicateSelected: () => {
        const { file } = document.getState();
        const fragment = copyFragment(file, new Set(session.getState().selected));
        if (!fragment) return;
        const places = [...fragment.nodes, ...fragment.notes].map((item) => item.position);
        paste(fragment, { x: Math.min(...places.map((place) => place.x)) + 32, y: Math.min(...places.map((place) => place.y)) + 48 });
      },
      addNote: () => {
        const { file, apply } = document.getState();
        const id = freeId('note', noteIds(file));
        const at = middle();
        apply({
          edit: 'add-note',
          note: {
            id,
            text: '',
            position: { x: Math.round(at.x / 16) * 16 - 96, y: Math.round(at.y / 16) * 16 - 48 },
            size: { width: 192, height: 112 },
          },
        });
        session.getState().select([id]);
      },
      tidy: async (measured) => {
        await tidyFlow(workbench, measured);
        // One frame for React to draw the new places, one for the canvas to learn of them.
        requestAnimationFrame(() => requestAnimationFrame(fit));
      },
    };
  }, [workbench, flow]);
}

function editingCommands({ document, session }: Workbench): Pick<CanvasCommands, 'removeSelected' | 'selectAll' | 'align'> {
  return {
    removeSelected: () => {
      const { file, apply } = document.getState();
      const { selected, selectedEdges, select } = session.getState();
      const edit = removalOf(file, new Set(selected), new Set(selectedEdges));
      if (!edit) return;
      apply(edit);
      select([]);
    },
    selectAll: () => {
      const { file } = document.getState();
      session.getState().select([...file.nodes, ...file.notes].map((item) => item.id));
    },
    align: (axis) => {
      const { file, apply } = document.getState();
      const nodes = file.nodes.filter((node) => session.getState().selected.includes(node.id));
      const line = Math.min(...nodes.map((node) => node.position[axis]));
      apply({ edit: 'move', positions: Object.fromEntries(nodes.map((node) => [node.id, { ...node.position, [axis]: line }])) });
    },
  };
}

async function tidyFlow({ catalog, document }: Workbench, measured: Sizes): Promise<void> {
  const { file } = document.getState();
  const ports = new Map<string, string[]>();
  const sizes = new Map<string, { width: number; height: number }>();
  for (const node of file.nodes) {
    const definition = catalog[node.type];
    const names = definition ? Object.keys(drawnPorts(definition, node.config)) : [];
    ports.set(node.id, names);
    sizes.set(
      node.id,
      measured.get(node.id) ?? {
        width: cardWidth,
        height: cardHeight(definition ? describeStep(definition, node.config) : '', names.length),
      },
    );
  }
  const positions = await layoutFlow(file, sizes, (node) => ports.get(node) ?? []);
  // The flow may have changed while it was laid out; only what is still there is moved.
  const { file: now, apply } = document.getState();
  const still = new Set(now.nodes.map((node) => node.id));
  apply({ edit: 'move', positions: Object.fromEntries(Object.entries(positions).filter(([id]) => still.has(id))) });
}
