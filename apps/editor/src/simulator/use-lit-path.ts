import type { RunDetail } from '@holdfast/contracts';
import { useEffect } from 'react';
import { keepSameMarks } from '../document/marks-store.ts';
import { useWorkbench } from '../document/workbench.tsx';
import { edgesOfRun, marksOfRun, movingEdgesOfRun } from '../run-canvas/run-marks.ts';

/** While a simulated customer chats, their run's way lights up on the drawing: for the steps that are still there. */
export function useLitPath(run: RunDetail | null): void {
  const { marks, document } = useWorkbench();
  useEffect(() => {
    if (!run) return;
    const ids = new Set(document.getState().file.nodes.map((node) => node.id));
    // A draft that went on since is another drawing; only what both have in common is lit.
    const isSameDrawing = run.file.nodes.every((node) => ids.has(node.id));
    if (!isSameDrawing) return;
    marks.setState((before) => ({
      steps: keepSameMarks(marksOfRun(run), before.steps),
      edges: edgesOfRun(run),
      movingEdges: movingEdgesOfRun(run),
    }));
  }, [run, marks, document]);
  useEffect(() => () => marks.setState({ steps: new Map(), edges: new Set(), movingEdges: new Set() }), [marks]);
}
