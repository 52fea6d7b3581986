import { applyEdit, type Edit, type FlowFile } from '@holdfast/graph';

/** One step of undo: what was done, and the edit that takes it back. */
export interface HistoryStep {
  edit: Edit;
  inverse: Edit;
  /** Edits with the same key that follow each other quickly are one step: typing a word, dragging a slider. */
  mergeKey: string | null;
  atMs: number;
}

export interface DocumentHistory {
  file: FlowFile;
  undoSteps: readonly HistoryStep[];
  redoSteps: readonly HistoryStep[];
}

/** Typing pauses longer than this start a new step of undo. */
const mergeWithinMs = 1_200;
/** Older steps are forgotten; 300 nodes with 200 steps stay far below a megabyte because files share their parts. */
const maxSteps = 200;

export const openHistory = (file: FlowFile): DocumentHistory => ({ file, undoSteps: [], redoSteps: [] });

export function applyToHistory(history: DocumentHistory, edit: Edit, nowMs: number, mergeKey: string | null = null): DocumentHistory {
  const { file, inverse } = applyEdit(history.file, edit);
  const last = history.undoSteps.at(-1);
  const merges = mergeKey !== null && last?.mergeKey === mergeKey && nowMs - last.atMs < mergeWithinMs;
  const step: HistoryStep = { edit, inverse: merges ? last.inverse : inverse, mergeKey, atMs: nowMs };
  const before = merges ? history.undoSteps.slice(0, -1) : history.undoSteps;
  return { file, undoSteps: [...before, step].slice(-maxSteps), redoSteps: [] };
}

export function undoInHistory(history: DocumentHistory): DocumentHistory {
  const step = history.undoSteps.at(-1);
  if (!step) return history;
  const { file, inverse } = applyEdit(history.file, step.inverse);
  // A merged step's own edit is only its last part; the inverse of its inverse is the whole of it.
  return { file, undoSteps: history.undoSteps.slice(0, -1), redoSteps: [...history.redoSteps, { ...step, edit: inverse }] };
}

export function redoInHistory(history: DocumentHistory): DocumentHistory {
  const step = history.redoSteps.at(-1);
  if (!step) return history;
  const { file, inverse } = applyEdit(history.file, step.edit);
  return { file, undoSteps: [...history.undoSteps, { ...step, inverse, mergeKey: null }], redoSteps: history.redoSteps.slice(0, -1) };
}
