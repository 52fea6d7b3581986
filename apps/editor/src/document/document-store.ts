import type { Edit, FlowFile } from '@holdfast/graph';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { applyToHistory, openHistory, redoInHistory, undoInHistory, type DocumentHistory } from './history.ts';

export interface DocumentState extends DocumentHistory {
  isReadOnly: boolean;
  /** The only way the flow changes. `mergeKey` joins quick edits of one thing into one step of undo. */
  apply: (edit: Edit, mergeKey?: string) => void;
  undo: () => void;
  redo: () => void;
  /** Another file altogether: a restored version, the other side of a conflict. Undo goes back across it only when asked to. */
  open: (file: FlowFile) => void;
}
export type DocumentStore = StoreApi<DocumentState>;

export interface DocumentOptions {
  isReadOnly?: boolean;
  nowMs?: () => number;
}

export function createDocumentStore(file: FlowFile, { isReadOnly = false, nowMs = Date.now }: DocumentOptions = {}): DocumentStore {
  return createStore<DocumentState>()((set) => ({
    ...openHistory(file),
    isReadOnly,
    apply: (edit, mergeKey) => set((state) => (state.isReadOnly ? state : applyToHistory(state, edit, nowMs(), mergeKey ?? null))),
    undo: () => set((state) => (state.isReadOnly ? state : undoInHistory(state))),
    redo: () => set((state) => (state.isReadOnly ? state : redoInHistory(state))),
    open: (next) => set(openHistory(next)),
  }));
}
